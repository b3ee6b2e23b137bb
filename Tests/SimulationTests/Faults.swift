/// What goes wrong, and how often. Probabilities are per item, times in milliseconds of virtual time.
struct Faults {
    /// News that never arrive, arrive twice, or are overtaken by later ones.
    var newsLoss = 0.0
    var newsDoubling = 0.0
    var newsReordering = 0.0
    /// The longest time news take.
    var newsDelay = 3
    /// Now and then one hub hears nothing from other processes for a while, and its subscriptions are not
    /// confirmed; it may find out.
    var deafness = false
    /// Now and then the broker is down for everyone.
    var brokerOutages = false
    /// How often, in a tenth of a second, the broker forgets one room of one hub without a word.
    var subscriptionsLost = 0.0
    /// Archive batches that fail: nothing stored, stored but the answer lost, or stored only after the
    /// answer.
    var appendsLost = 0.0
    var appendAnswersLost = 0.0
    var appendsLate = 0.0
    /// Transactions that stay open over sweeps while later ones commit.
    var commitsHeld = 0.0
    /// Archive reads that fail.
    var readsLost = 0.0
    /// Sweeps that fail, and whose connection is made anew.
    var sweepsLost = 0.0
    /// The longest time an archive call takes, each way.
    var archiveDelay = 4
    /// Calls that take a hundred times as long.
    var archiveStalls = 0.0
    /// Now and then the archive answers nobody for a while.
    var outages = false
    /// Hubs crash, or are drained, and come back under another origin.
    var crashes = false
    /// How many connections break in a second, over all clients.
    var breaksPerSecond = 0.1
    /// How often a client stops reading.
    var slowness = 0.0
    /// The archive forgets old publications, and is put back to a backup under a new generation.
    var historyChanges = false

    /// No faults but the delays that everything takes.
    static let none = Faults(breaksPerSecond: 0)
}

/// A kind of weather. Every seed is run in one of them.
enum Profile: Int, CaseIterable, CustomStringConvertible {
    case calm, lossyBroker, deafBroker, flakyArchive, crashingHubs, slowReaders, everything, changingHistory
    case noBroker, brokerOutages, lostSubscriptions, lateCommits

    var description: String {
        switch self {
        case .calm: "calm"
        case .lossyBroker: "lossy broker"
        case .deafBroker: "deaf broker"
        case .flakyArchive: "flaky archive"
        case .crashingHubs: "crashing hubs"
        case .slowReaders: "slow readers"
        case .everything: "everything"
        case .changingHistory: "changing history"
        case .noBroker: "no broker"
        case .brokerOutages: "broker outages"
        case .lostSubscriptions: "lost subscriptions"
        case .lateCommits: "late commits"
        }
    }

    /// Whether processes have a broker between them.
    var hasBroker: Bool { self != .noBroker }

    /// The profile that a seed is run in: all take their turn.
    init(seed: UInt64) { self = Self.allCases[Int(seed % UInt64(Self.allCases.count))] }

    var faults: Faults {
        var faults = Faults()
        switch self {
        case .calm: faults.breaksPerSecond = 0
        case .lossyBroker: faults.makeBrokerLossy()
        case .deafBroker: faults.deafness = true
        case .flakyArchive: faults.makeArchiveFlaky()
        case .crashingHubs:
            faults.crashes = true
            faults.breaksPerSecond = 0.5
        case .slowReaders: faults.slowness = 0.08
        case .everything:
            faults.makeBrokerLossy()
            faults.makeArchiveFlaky()
            faults.deafness = true
            faults.crashes = true
            faults.slowness = 0.03
            faults.breaksPerSecond = 0.5
        case .changingHistory:
            faults.historyChanges = true
            faults.newsDelay = 40
            faults.breaksPerSecond = 0.5
        case .noBroker:
            faults.commitsHeld = 0.05
            faults.sweepsLost = 0.1
            faults.archiveDelay = 20
            faults.outages = true
            faults.breaksPerSecond = 0.5
        case .brokerOutages: faults.brokerOutages = true
        case .lostSubscriptions:
            faults.subscriptionsLost = 0.3
            faults.deafness = true
        case .lateCommits:
            faults.commitsHeld = 0.1
            faults.newsLoss = 0.3
            faults.sweepsLost = 0.05
        }
        return faults
    }
}

extension Faults {
    fileprivate mutating func makeBrokerLossy() {
        newsLoss = 0.1
        newsDoubling = 0.1
        newsReordering = 0.3
        newsDelay = 60
    }

    fileprivate mutating func makeArchiveFlaky() {
        appendsLost = 0.05
        appendAnswersLost = 0.05
        appendsLate = 0.03
        readsLost = 0.1
        archiveDelay = 20
        archiveStalls = 0.02
        outages = true
    }
}
