//! The planted faults.

pub(super) const ITEM: &str = "items/test/sound.toml";
const FACTS: &str = "facts.toml";
const PLAIN: &str = "items/test/plain.toml";
const SERVICE: &str = "fragments/service.toml";
const NUMBERS: &str = "parameters/test.toml";
pub(super) const WITHDRAW: &str = "fragments/withdraw.toml";
const ZH: &str = "messages/zh-CN/test.ftl";
const EN: &str = "messages/en/test.ftl";
const PAPERS: &str = crate::papers::PAPERS;
const FILES: &str = crate::papers::FILES;
const LOCK: &str = crate::lock::FILE;

/// A fault: in `file`, `find` is replaced by `put`; it is found by `code` in a line with `word`.
pub(super) struct Plant {
    pub(super) code: &'static str,
    pub(super) file: &'static str,
    pub(super) find: &'static str,
    pub(super) put: &'static str,
    pub(super) word: &'static str,
}

const fn plant(
    code: &'static str,
    file: &'static str,
    find: &'static str,
    put: &'static str,
    word: &'static str,
) -> Plant {
    Plant { code, file, find, put, word }
}

pub(super) const PLANTS: &[Plant] = &[
    plant("unreadable", ITEM, "doors = [", "colour = 1\ndoors = [", "colour"),
    plant("unreadable", ITEM, "level = \"county\"", "level = \"moon\"", "moon"),
    plant("unreadable", ITEM, "starts = \"opened\"", "starts = opened", "starts"),
    plant("no-facts", FACTS, "", "", ""),
    plant("unknown-paper", PAPERS, "id = \"receipt\"", "id = \"ticket\"", "ticket"),
    plant("paper-place", PAPERS, "\\n{due}", "\\n{due}\\n{owner}", "owner"),
    plant("paper-place", PAPERS, ", due = \"2026年11月23日\"", "", "example"),
    plant("case-file-entry", FILES, "from = [\"letter\"]", "from = [\"latter\"]", "latter"),
    plant("case-file-entry", FILES, "[\"test.plain\"]", "[\"test.plain\", \"test.none\"]", "test.none"),
    plant("unknown-fragment", ITEM, "use = \"withdraw\"", "use = \"leave\"", "use = \"leave\""),
    plant("unknown-step", ITEM, "steps = [\"done\"]", "steps = [\"over\"]", "steps = [\"over\"]"),
    plant("unknown-fact", ITEM, "{ fact = \"topic\", only", "{ fact = \"tipic\", only", "tipic"),
    plant("unknown-choice", ITEM, "only = [\"one\", \"two\"]", "only = [\"one\", \"six\"]", "six"),
    plant("no-steps", "items/test/empty.toml", "", EMPTY, "test.empty"),
    plant("version-zero", ITEM, "version = 1", "version = 0", "version"),
    plant("duplicate-id", ITEM, "id = \"proof\"", "id = \"papers\"", "papers"),
    plant(
        "guide-incomplete",
        ITEM,
        "phones = [{ name = { zh = \"热线\", en = \"Hotline\" }, tel = \"12348\" }]",
        "phones = []",
        "phones",
    ),
    plant(
        "text-missing",
        ITEM,
        "{ zh = \"另行通知。\", en = \"You will be told.\" }",
        "{ zh = \"另行通知。\", en = \"\" }",
        "另行通知",
    ),
    plant("unknown-area-fact", ITEM, "area_from = \"place\"", "area_from = \"topic\"", "area_from"),
    plant(
        "register-in-form",
        ITEM,
        "  { fact = \"place\" },",
        "  { fact = \"place\" },\n  { fact = \"person\", required = false, register = { role = \"lawyer\" } },",
        "person",
    ),
    plant(
        "no-choices",
        FACTS,
        "[facts.\"colour\"]\nkind = \"text\"",
        "[facts.\"colour\"]\nkind = \"choice\"",
        "colour",
    ),
    plant(
        "no-example",
        ITEM,
        "[[examples]]\nname = { zh = \"一个例子\", en = \"An example\" }\n[examples.body]\nitem = \"test.sound\"\narea = \"371502000000\"\ndoor = \"web\"\nmaterials = [{ id = \"papers\", defer = true }]\napplicant = { kind = \"person\", name = \"测试\" }\nform = { place = \"371502000000\", topic = \"two\", number = 3 }\n",
        "",
        "id =",
    ),
    plant("example-refused", ITEM, "door = \"web\"", "door = \"hotline\"", "door"),
    plant(
        "example-refused",
        ITEM,
        "{ id = \"papers\", defer = true }",
        "{ id = \"papers\", declare = true }",
        "papers",
    ),
    plant("example-refused", ITEM, "{ kind = \"person\", name", "{ kind = \"organ\", name", "organ"),
    plant(
        "example-refused",
        ITEM,
        "form = { place = \"371502000000\", topic = \"two\"",
        "form = { place = \"371502000000\", topic = \"six\"",
        "topic",
    ),
    plant("rule-syntax", ITEM, "when = 'topic == \"one\"'", "when = 'topic == '", "when"),
    plant(
        "rule-not-allowed",
        ITEM,
        "when = 'topic == \"one\"'",
        "when = 'topic.startsWith(\"o\")'",
        "startsWith",
    ),
    plant("rule-kinds", ITEM, "when = 'topic == \"one\"'", "when = 'topic == 1'", "when"),
    plant("unknown-fact", ITEM, "when = 'topic == \"one\"'", "when = 'tipic == \"one\"'", "tipic"),
    plant("unknown-choice", ITEM, "when = 'topic == \"one\"'", "when = 'topic == \"six\"'", "six"),
    plant(
        "unknown-parameter",
        ITEM,
        "when = \"number < 10\"\n",
        "when = 'number < number(\"test.few\")'\n",
        "test.few",
    ),
    plant("fact-never-asked", ITEM, "when = 'topic == \"one\"'", "when = 'text == \"one\"'", "text"),
    plant(
        "fact-never-asked",
        ITEM,
        "{ fact = \"place\" },",
        "{ fact = \"place\", required = false, when = 'topic == \"one\"' },",
        "place",
    ),
    plant("rule-constant", ITEM, "when = 'topic == \"one\"'", "when = 'topic == \"three\"'", "when"),
    plant("rule-constant", ITEM, "when = 'topic == \"one\"'", "when = 'number < 21'", "when"),
    plant(
        "rule-constant",
        ITEM,
        "guard = { when = \"number < 10\"",
        "guard = { when = \"number < 10 && number > 9\"",
        "guard",
    ),
    plant("input-example-refused", FACTS, "example = \"补充一点。\"", "example = 7", ""),
    plant(
        "guard-refuses-example",
        ITEM,
        "\"test-case\" } }]\nguard = { when = \"number < 10\"",
        "\"test-case\" } }, { fact = \"count\" }]\nguard = { when = \"count > 5\"",
        "guard",
    ),
    plant("eligibility-untested", ITEM, CASES, "", "eligibility"),
    plant("eligibility-example", ITEM, "eligible = \"no\"", "eligible = \"yes\"", "eligible"),
    plant("eligibility-example", ITEM, "few = false }", "few = \"unclear\" }", "eligible"),
    plant("eligibility-example", ITEM, "number = 12 }", "number = 99 }", "eligible"),
    plant(
        "unknown-target",
        ITEM,
        "role = \"clerk\"\nto = \"same\"",
        "role = \"clerk\"\nto = \"nowhere\"",
        "nowhere",
    ),
    plant("unreachable-step", ITEM, "[rating]", ISLAND, "island"),
    plant("no-ending", ITEM, "[[steps]]\nid = \"done\"", PIT, "pit"),
    plant("trapped-applicant", ITEM, "at = [\"asking\"]", "at = [\"received\"]", "asking"),
    plant("stuck-second-time", ITEM, "[[steps]]\nid = \"asking\"", LOOK, "looking"),
    plant(
        "step-without-role",
        ITEM,
        "tasks = [{ id = \"work\", role = \"lawyer\", pool = \"assignee\" }]\n",
        "",
        "working",
    ),
    plant(
        "task-after-end",
        ITEM,
        "outcome = \"done\"",
        "outcome = \"done\"\ntasks = [{ id = \"tidy\", role = \"clerk\", pool = \"office\" }]",
        "tasks",
    ),
    plant(
        "unknown-task",
        ITEM,
        "role = \"clerk\"\nto = \"same\"",
        "task = \"chek\"\nrole = \"clerk\"\nto = \"same\"",
        "chek",
    ),
    plant(
        "task-without-action",
        ITEM,
        "tasks = [{ id = \"check\",",
        "tasks = [{ id = \"other\", role = \"clerk\", pool = \"owner\" }, { id = \"check\",",
        "other",
    ),
    plant(
        "task-of-another-role",
        ITEM,
        "role = \"office_head\"\nto",
        "role = \"clerk\"\nto",
        "role = \"clerk\"",
    ),
    plant(
        "task-without-exit",
        ITEM,
        "task = \"advise\"\nrole = \"clerk\"\nto = \"received\"",
        "task = \"advise\"\nrole = \"clerk\"\nto = \"same\"",
        "advise",
    ),
    plant("wrong-turn", ITEM, "waiting_on = \"you\"", "waiting_on = \"office\"", "waiting_on"),
    plant(
        "wrong-pool",
        ITEM,
        "role = \"lawyer\", pool = \"assignee\"",
        "role = \"lawyer\", pool = \"applicant\"",
        "id = \"work\"",
    ),
    plant("unknown-not-by", ITEM, "not_by = [\"propose\"]", "not_by = [\"purpose\"]", "not_by"),
    plant("apart-without-firm", ITEM, "assign = \"person\"", "assign = \"person\"\napart = true", "apart"),
    plant("unknown-assign", ITEM, "assign = \"person\"", "assign = \"reason\"", "assign"),
    plant("owner-without-assign", ITEM, "owner = \"actor\"", "owner = \"assignee\"", "owner"),
    plant(
        "register-mismatch",
        ITEM,
        "{ fact = \"person\", register = { role = \"lawyer\", of = \"firm\" } }",
        "{ fact = \"person\" }",
        "person",
    ),
    plant(
        "nobody-assigned",
        ITEM,
        "role = \"clerk\", pool = \"owner\"",
        "role = \"clerk\", pool = \"assignee\"",
        "check",
    ),
    plant("nobody-assigned", ITEM, "assign = \"firm\"\n", "", "id = \"name\""),
    plant("clock-in-unknown-step", ITEM, "paused_in = [\"asking\"]", "paused_in = [\"asked\"]", "paused_in"),
    plant(
        "clock-runs-and-stands",
        ITEM,
        "paused_in = [\"asking\"]",
        "paused_in = [\"asking\", \"deciding\"]",
        "deciding",
    ),
    plant(
        "clock-without-owner",
        ITEM,
        "runs_in = [\"received\", \"deciding\"]",
        "runs_in = [\"received\", \"deciding\", \"done\"]",
        "runs_in",
    ),
    plant(
        "step-without-limit",
        ITEM,
        "no_limit = { zh = \"由单位安排。\", en = \"The firm arranges it.\" }\n",
        "",
        "arranging",
    ),
    plant("unknown-parameter", ITEM, "rule = \"test.answer\"", "rule = \"test.anser\"", "test.anser"),
    plant(
        "unknown-parameter",
        ITEM,
        "may_defer = { rule = \"test.reply\"",
        "may_defer = { rule = \"test.never\"",
        "may_defer",
    ),
    plant(
        "parameter-is-no-limit",
        ITEM,
        "rule = \"test.answer\"",
        "rule = \"test.standard\"",
        "test.standard",
    ),
    plant(
        "unknown-expiry",
        ITEM,
        "on_expiry = \"lapse\"",
        "on_expiry = \"lapse\"\n\n[[clocks]]\nid = \"extra\"\nduty = { zh = \"答复\", en = \"Answer\" }\nrule = \"test.answer\"\nstarts = \"entered\"\nruns_in = [\"received\"]\non_expiry = \"lapse\"",
        "on_expiry",
    ),
    plant(
        "expiry-repeats",
        ITEM,
        "role = \"system\"\nto = \"withdrawn\"",
        "role = \"system\"\nto = \"asking\"",
        "asking",
    ),
    plant(
        "expiry-without-clock",
        ITEM,
        "role = \"clerk\"\nto = \"same\"",
        "role = \"system\"\nto = \"same\"",
        "note",
    ),
    plant("waiting-without-end", ITEM, "on_expiry = \"lapse\"\n", "", "asking"),
    plant("unserved-clock", ITEM, "document = \"notice\"\n", "", "starts"),
    plant("unserved-clock", ITEM, "served_on = [\"applicant\"]\n", "", "starts"),
    plant("unserved-clock", ITEM, ", \"service\"]", "]", "starts"),
    plant("nobody-serves", PLAIN, "include = [\"service\"]\n", "", "served_on"),
    plant("clock-fact", ITEM, "starts = \"fact\"\nfact = \"day\"", "starts = \"fact\"", "starts"),
    plant("clock-fact", ITEM, "fact = \"day\"\nruns", "fact = \"topic\"\nruns", "topic"),
    plant("clock-fact", ITEM, ", { fact = \"day\" }", "", "fact = \"day\""),
    plant(
        "dead-key",
        ITEM,
        "starts = \"entered\"",
        "starts = \"entered\"\ndocument = \"notice\"",
        "document",
    ),
    plant("dead-key", ITEM, "starts = \"opened\"", "starts = \"opened\"\nfact = \"day\"", "fact"),
    plant("unknown-clock", ITEM, NOTE, "role = \"clerk\"\nto = \"same\"\nextends = \"none\"", "none"),
    plant("unknown-clock", ITEM, NOTE, "role = \"clerk\"\nto = \"same\"\nrestarts = [\"none\"]", "none"),
    plant("extension-missing", ITEM, NOTE, "role = \"clerk\"\nto = \"same\"\nextends = \"answer\"", "answer"),
    plant("extends-elsewhere", ITEM, NOTE, "role = \"clerk\"\nto = \"same\"\nextends = \"visit\"", "visit"),
    plant("unused-extension", ITEM, "extends = \"visit\"\n", "", "extension"),
    plant("unused-extension", ITEM, "times = 1", "times = 0", "extension"),
    plant(
        "unknown-parameter",
        ITEM,
        "extension = { rule = \"test.more\"",
        "extension = { rule = \"test.longer\"",
        "test.longer",
    ),
    plant("unknown-document", ITEM, "documents = [\"notice\"]", "documents = [\"notice\", \"note\"]", "note"),
    plant("unknown-document", ITEM, "document = \"notice\"\n", "document = \"note\"\n", "note"),
    plant("document-never-made", PLAIN, "[[steps]]\nid = \"asked\"", IDLE, "idle"),
    plant("document-place", ITEM, "{applicant}", "{aplicant}", "aplicant"),
    plant("document-place", ITEM, "{fact:text}", "{fact:person}", "person"),
    plant("document-place", ITEM, "{fact:text}", "{reason}", "reason"),
    plant("document-place", ITEM, "{fact:text}", "{fact:text", "text"),
    plant("document-place", ITEM, "series = \"测通\"\n", "", "text"),
    plant("effect-without-input", SERVICE, "  { fact = \"service.method\" },\n", "", "effect"),
    plant("effect-without-input", SERVICE, "matter = \"unserved\"", "matter = \"awaited\"", "effect"),
    plant(
        "file-required",
        SERVICE,
        "\"service.proof\", required = false",
        "\"service.proof\"",
        "service.proof",
    ),
    plant("pick-without-register", SERVICE, ", register = { matter = \"unserved\" }", "", "service.document"),
    plant("also-with-task", ITEM, "owner = \"actor\"", "owner = \"actor\"\nalso = [\"lawyer\"]", "also"),
    plant(
        "dead-notify",
        ITEM,
        "plain = { zh = \"已经办完,正在核查。\", en = \"It is done and being checked.\" }\n",
        "",
        "notify",
    ),
    plant("join-deadlock", ITEM, "[[steps]]\nid = \"working\"", PASS, "join"),
    plant(
        "join-disagrees",
        ITEM,
        "to = \"same\"\nrole = \"clerk\"",
        "to = \"withdrawn\"\nrole = \"clerk\"",
        "join",
    ),
    plant("follows-nothing", ITEM, "item = \"test.plain\"", "item = \"test.plane\"", "test.plane"),
    plant("follows-nothing", ITEM, "steps = [\"told\"]", "steps = [\"heard\"]", "heard"),
    plant("follows-nothing", ITEM, "colour = \"colour\"", "topic = \"colour\"", "facts"),
    plant("follows-nothing", PLAIN, ", keep = true", "", ""),
    plant("law-without-article", NUMBERS, "article = \"1\"\n", "", "test.standard"),
    plant("promise-with-law", NUMBERS, "count = 15", "law = \"某规定\"\ncount = 15", "law"),
    plant("half-a-limit", NUMBERS, "fen = 80000", "fen = 80000\ncount = 3", "test.standard"),
    plant(
        "ends-before-it-begins",
        NUMBERS,
        "effective_to = \"2099-12-31\"",
        "effective_to = \"2019-12-31\"",
        "2019",
    ),
    plant("no-source", NUMBERS, "source = \"for tests of waiting\"", "source = \"\"", "source"),
    plant("message-unreadable", ZH, "bye = 再见。", "bye = 再见。\n惠 = x", "惠"),
    plant("message-one-language", EN, "bye = Good bye.", "", "bye"),
    plant("message-arguments-differ", EN, "{ $name }", "you", "hello"),
    plant(
        "message-twice",
        ZH,
        "bye = 再见。",
        "bye = 再见。\nhello = 您好,{ $name },这里是{ -platform }。",
        "hello",
    ),
    plant("unknown-message", ZH, "再见", "再见,{ -party }", "bye"),
    plant("changed-without-version", ITEM, "已经办结", "已经办好", "version"),
    plant("changed-without-version", WITHDRAW, "申请已经撤回", "已经撤回", "version"),
    plant("changed-without-version", FACTS, "甲类", "第一类", "version"),
    plant("version-goes-back", LOCK, "test.sound 1 ", "test.sound 2 ", "version"),
    plant("not-locked", ITEM, "version = 1", "version = 2", "version"),
    plant("lock-unreadable", LOCK, "test.sound 1 ", "test.sound one ", "test.sound"),
];

/// An action of the sound item that stands beside the work.
const NOTE: &str = "role = \"clerk\"\nto = \"same\"";

const IDLE: &str = r#"[[documents]]
id = "idle"
name = { zh = "空文书", en = "Idle" }
text = "{date}"

[[steps]]
id = "asked""#;

const PASS: &str = r#"[[steps.actions]]
id = "pass"
name = { zh = "略过", en = "Pass" }
task = "sign"
role = "office_head"
to = "same"

[[steps]]
id = "working""#;

const LOOK: &str = r#"[[steps.actions]]
id = "look"
name = { zh = "再看", en = "Look again" }
task = "check"
role = "clerk"
to = "looking"

[[steps]]
id = "looking"
name = { zh = "再看", en = "Looking again" }
plain = { zh = "正在再看。", en = "Being looked at again." }
waiting_on = "office"
tasks = [{ id = "look", role = "clerk", pool = "office" }]
no_limit = { zh = "很快。", en = "Soon." }

[[steps.actions]]
id = "back"
name = { zh = "看完", en = "Back" }
task = "look"
role = "clerk"
to = "received"
once = true

[[steps]]
id = "asking""#;

const ISLAND: &str = r#"[[steps]]
id = "island"
name = { zh = "孤岛", en = "Island" }
plain = { zh = "孤岛。", en = "An island." }
waiting_on = "office"
tasks = [{ id = "leave", role = "clerk", pool = "office" }]
no_limit = { zh = "没有。", en = "None." }

[[steps.actions]]
id = "leave"
name = { zh = "离开", en = "Leave" }
task = "leave"
role = "clerk"
to = "done"

[rating]"#;

const CASES: &str = r#"[[eligibility.examples]]
name = "few people"
eligible = "yes"
facts = { topic = "two", number = 3 }

[[eligibility.examples]]
name = "many people"
eligible = "no"
facts = { topic = "two", number = 12 }
rows = { right_topic = true, few = false }
"#;

const PIT: &str = r#"[[steps.actions]]
id = "fall"
name = { zh = "落入", en = "Fall" }
task = "work"
role = "lawyer"
to = "pit"

[[steps]]
id = "pit"
name = { zh = "坑", en = "Pit" }
plain = { zh = "坑。", en = "A pit." }
waiting_on = "office"
tasks = [{ id = "look", role = "clerk", pool = "office" }]
no_limit = { zh = "没有。", en = "None." }

[[steps.actions]]
id = "look"
name = { zh = "看", en = "Look" }
task = "look"
role = "clerk"
to = "hole"

[[steps]]
id = "hole"
name = { zh = "洞", en = "Hole" }
plain = { zh = "洞。", en = "A hole." }
waiting_on = "office"
tasks = [{ id = "look", role = "clerk", pool = "office" }]
no_limit = { zh = "没有。", en = "None." }

[[steps.actions]]
id = "look"
name = { zh = "看", en = "Look" }
task = "look"
role = "clerk"
to = "pit"

[[steps]]
id = "done""#;

const EMPTY: &str = r#"id = "test.empty"
version = 1
name = { zh = "空", en = "Empty" }
summary = { zh = "空。", en = "Empty." }
duty = "test"
level = "county"
doors = ["web"]
applicant = { kinds = ["person"], identity = "none", phone = "optional" }
steps = []
guide = { who = [], basis = [], fee = { zh = "免费。", en = "Free." }, fee_basis = [], result = [], where = { zh = "窗口。", en = "Window." }, phones = [], faq = [] }
closing = { reopens = false, text = { zh = "可以重新申请。", en = "Apply again." } }
"#;
