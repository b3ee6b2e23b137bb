import Testing

@testable import BrowserClient

/// One file out of modules, by the house rules they are written to.
@Suite("The browser client in one file")
struct ClientBundleTests {
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
        "c.js": "export function c(text) { return text; }\n",
        "unused.js": "export const never = 1;\n",
    ]

    @Test(
        "each module stands once, behind those it imports; imports and comments go"
    )
    func joins() {
        let joined = ClientBundle.join(modules, entry: "a.js", banner: "// a")
        #expect(
            joined == """
                // a
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
            ClientBundle.join(circle, entry: "a.js", banner: "//")
                == "//\nconst b = 2;\nexport const a = 1;\n")
    }
}
