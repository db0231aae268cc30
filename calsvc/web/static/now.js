// What is on now, on pages that need no more of a script than that.

import { keepPresent } from "./present.js";

keepPresent(document);
