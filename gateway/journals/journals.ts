// What the pages of journals run: each part finds its page, or nothing to do.
import "../ui/components/people-picker";
import "../ui/components/receiver-picker";
import { builder } from "./parts/builder";
import { fill } from "./parts/fill";
import { begin } from "./parts/queue";
import { verifying } from "./parts/verify";

begin();
fill();
verifying();
builder();
