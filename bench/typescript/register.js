import { register } from "node:module";

/** After this import, modules of test/ can be imported as they are: the corpus is read by the same code as in the tests. */
register("./hooks.js", import.meta.url);
