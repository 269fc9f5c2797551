# 个人信息权益：保存期限、依法留存、删除、更正、导出
refused-erased = 这件办件的内容已于 { $date } 依法删除，不能再办理。编号、日期和结果仍然保留。
refused-no-hold = 这件办件没有设置依法留存。
error-hold-past = 留存日期不能早于今天。
next-deletion-certificate = 查看删除证明
action-hold = 依法留存
action-release-hold = 解除留存
told-erased = 这件办件的内容已依法删除，只保留编号、事项、日期和结果
rights-document-erased = 本文书的内容已于{ $date }依法删除，只保留文书名称、文号和日期。
rights-basis-retention = 保存期限届满
rights-basis-request = 申请人请求删除，且保存期限届满、没有未办结事项、没有依法留存
rights-certificate =
    个人信息删除证明

    办件编号：{ $number }
    事项：{ $item }
    办理单位：{ $office }
    办结日期：{ $closed }
    删除日期：{ $date }
    删除依据：《中华人民共和国个人信息保护法》第四十七条；{ $ground }
    保存期限：至 { $until }（规则 { $rule }）

    自删除之日起，本办件中的个人信息（申请和材料、各方身份和联系方式、办理过程中填写的文字、上传的文件）的密钥已经销毁，任何人都不能再读取。备份中的密文随备份到期删除。
    保留的内容：办件编号、事项、日期、办理结果和存证哈希，不含个人信息。

    存证事件：第 { $seq } 号
    哈希（SHA-256）：{ $hash }
rights-erased-title = 内容已删除
rights-erased-said = 这件办件的内容已于 { $date } 删除：{ $ground }。编号、事项、日期和结果仍然保留。
rights-certificate-title = 个人信息删除证明
rights-certificate-open = 查看删除证明
refused-not-your-own = 这里只办理您自己的个人信息。工作账号看不到也不能导出别人的信息。
next-own-account = 请用您自己的手机号登录，或者用办件编号和查询码登录。
refused-copies = 今天已经导出 { $most } 次，请明天再试。
next-copy-tomorrow = 明天可以再次导出；着急的话可以到窗口查阅。
rights-copy-reason = 本人查阅、复制
error-deletion-ground = 请选择删除的理由
error-deletion-text = 说明请控制在 1000 字以内
told-ask-deletion = 您请求删除个人信息；法定或规定的保存条件还没有解除，到期后删除
rights-deleted = 内容已经删除，密钥已经销毁，任何人都不能再读取。您可以打开这件办件查看删除证明。
rights-already = 内容此前已经删除，您可以查看删除证明。
rights-waits-open = 这件事还在办理，暂时不能删除。您可以先撤回申请；办结后按保存期限处理。
rights-waits-work = 这件事已经办结，但还有答复或者文书没有送到，办完后才能删除。
rights-waits-hold = 有关部门依法要求留存到 { $until }，期间除存储和安全保护外不作其他使用，{ $from } 起可以删除。
rights-waits-kept = 保存期限到 { $until } 为止，期间除存储和安全保护外不作其他使用，{ $from } 起可以删除，不需要再次申请。
rights-waits-no-rule = 还没有规定这类办件保存多久，暂时不能删除。请拨打服务热线，由办理单位答复。
my-data-title = 我的个人信息
my-data-lead = 这里可以看到我们保存了您的哪些信息、保存到什么时候，可以导出一份，也可以请求删除。
my-data-account = 账号
my-data-name = 姓名
my-data-phone = 手机号
my-data-matters = 办件
my-data-kept = 内容保存到 { $date }
my-data-open = 正在办理，办结后开始计算保存期限
my-data-copy = 导出一份
my-data-copy-text = 您自己填写和提交的内容完整导出；其他人的信息仍然隐去一部分。导出会记入查看记录。
my-data-copy-page = 导出（可以打印的网页）
my-data-copy-json = 导出（JSON 数据）
my-data-delete = 请求删除
my-data-delete-text = 没有提交的草稿、没有办件的账号会马上删除。已办结的办件在保存期限届满、没有依法留存时马上删除；否则会告诉您原因和可以删除的日期。删除后不能恢复。
my-data-ground = 为什么请求删除
my-data-ground-purpose = 事情已经办完，不再需要
my-data-ground-consent = 我不同意继续保存
my-data-ground-unlawful = 我认为收集或者使用违反法律、约定
my-data-ground-other = 其他
my-data-more = 补充说明
my-data-sure-title = 请确认
my-data-sure = 我知道删除后不能恢复
my-data-sure-missing = 请确认您知道删除后不能恢复
my-data-delete-button = 请求删除
my-data-backups = 已删除内容在备份中的密文，最迟在备份保留期（默认 90 天）满后消失；密钥销毁后，只有恢复旧备份才可能读取，恢复后会再次删除。
my-data-decided = 删除请求的处理结果
my-data-account-deleted = 草稿和账号已经删除，您已退出登录。
my-data-account-kept = 草稿已经删除。账号还有办件需要保存，最后一件删除后可以删除账号。
my-data-account-none = 您是用办件编号登录的，没有账号需要删除。
my-data-remedy = 如果您不同意这个结果，可以向服务热线或者网信部门投诉、举报，也可以依法向人民法院起诉（个人信息保护法第五十条、第六十五条）。
copy-taken = 导出时间：{ $date }
copy-masked = 其他人的信息隐去了一部分。
copy-number = 编号
copy-item = 事项编码
copy-item-name = 事项
copy-my-role = 我的身份
copy-door = 来源
copy-office = 办理单位
copy-opened-at = 提交时间
copy-closed-at = 办结时间
copy-step-name = 环节
copy-outcome = 结果
copy-kept = 保存期限
copy-class = 类别
copy-rule = 规则
copy-until = 保存到
copy-me = 我
copy-others = 其他人（部分隐去）
copy-form = 我填写的内容
copy-check = 提交时的条件核对
copy-materials = 材料
copy-files = 文件
copy-events = 经过
copy-documents = 文书
copy-text = 正文
copy-name = 名称
copy-phone = 手机号
copy-devices = 登录过的设备
copy-agent = 浏览器
copy-since = 登录时间
copy-seen = 最近使用
copy-id-no = 证件号码
copy-id-type = 证件类型
copy-at = 时间
copy-action = 动作
copy-facts = 内容
copy-reason = 理由
copy-proof = 存证（盐值和原文）
copy-hash = 哈希
action-ask-correction = 更正个人信息
action-accept-correction = 同意更正
action-refuse-correction = 不予更正
told-ask-correction = 您请求更正个人信息，办理单位会在承诺时限内答复
told-accept-correction = 您请求更正的内容已经更正
told-refuse-correction = 办理单位没有同意更正，理由如下。不同意的，可以向服务热线或者网信部门投诉，也可以依法起诉（个人信息保护法第五十条、第六十五条）
told-correction-late = 更正请求没有按时答复，已通知单位负责人
correct-name = 姓名或者单位名称
correct-id-no = 证件号码
correct-uscc = 统一社会信用代码
correct-phone = 手机号
correct-asked = 请求把“{ $value }”更正为：{ $to } { $reason }
correct-to-be = 请求更正后的内容
refused-corrections-wait = 已有 { $most } 项更正在等待答复，请等答复后再提。
next-wait-for-correction = 等待办理单位答复，答复后可以再次请求。
desk-task-correct = 答复更正请求
act-lead-ask-correction = 请选择要更正的一项，写明应当是什么。办理单位核实后更正；不同意的会说明理由。
