/// A server of the tests does not do what it should; the description ends the test that asked.
package struct TestServerError: Error, CustomStringConvertible {
    package let description: String
}
