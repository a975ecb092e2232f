/** What the Worker runs. */
import type { Port } from "./messages";
import { serve } from "./serve";

serve(globalThis as unknown as Port);
