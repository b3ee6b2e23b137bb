import Testing

@testable import BrowserClient

/// One file out of modules, by the house rules they are written to.
@Suite("Many modules in one file")
struct ModuleBundleTests {
    private let modules = [
        "a.js": """
        import { B, b } from "./b.js";
        import { c } from "./c.js";

        export { B };

        /** What it is. */
        export class A extends B {
            // Why it is so.
            url = "http://x//y";  // Stays: it does not begin the line.
        }
        """,
        "b.js": """
        import { c } from "./c.js";

        /**
         * @typedef {import("./d.js").D} D
         */

        export class B {}
        export const b = c("b");
        """,
        "c.js": "import { E } from \"/e.js\";\nexport function c(text) { return text; }\n",
        "unused.js": "export const never = 1;\n",
    ]

    @Test("each module stands once, behind those it imports; comments go, and imports of one another")
    func joins() {
        let joined = ModuleBundle.join(modules, entry: "a.js", banner: "// a")
        #expect(
            joined == """
                // a
                import { E } from "/e.js";
                function c(text) { return text; }
                class B {}
                const b = c("b");
                export { B };
                export class A extends B {
                url = "http://x//y";  // Stays: it does not begin the line.
                }

                """)
    }

    @Test("an import in a circle ends, and a comment of one line hides that line only")
    func endsCircles() {
        let circle = [
            "a.js": "import { b } from \"./b.js\";\n/** One line. */\nexport const a = 1;",
            "b.js": "import { a } from \"./a.js\";\nexport const b = 2;",
        ]
        #expect(
            ModuleBundle.join(circle, entry: "a.js", banner: "//")
                == "//\nconst b = 2;\nexport const a = 1;\n")
    }
}
