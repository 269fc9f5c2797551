# 通知：短信、邮件、站内消息。发到外面的话不提事项名称、不提姓名、不提内容。

notice-sms-received = 您的办件 { $number } 已经收到，可凭查询码查看进展。咨询请拨12348。
notice-sms-missing = 您的办件 { $number } 需要补充材料，清单请登录查看。咨询请拨12348。
notice-sms-missing-by = 您的办件 { $number } 需要补充材料，请在{ $due }前补交，清单请登录查看。咨询请拨12348。
notice-sms-decided = 您的办件 { $number } 有新的决定或者文书，请登录查看。咨询请拨12348。
notice-sms-assigned = 您的办件 { $number } 已安排人员办理，请登录查看。咨询请拨12348。
notice-sms-waiting = 您的办件 { $number } 需要您办一步，请登录查看。咨询请拨12348。
notice-sms-waiting-by = 您的办件 { $number } 需要您在{ $due }前办一步，请登录查看。咨询请拨12348。
notice-sms-due-soon = 您的办件 { $number } 有一项快到期了，请登录查看。咨询请拨12348。
notice-sms-due-soon-by = 您的办件 { $number } 有一项在{ $due }到期，请登录查看。咨询请拨12348。
notice-sms-answered = 您的办件 { $number } 有新的回复，请登录查看。咨询请拨12348。
notice-sms-closed = 您的办件 { $number } 已经办结，请登录查看。咨询请拨12348。
notice-sms-rate = 您的办件 { $number } 已经办结，请登录查看；欢迎评价。咨询请拨12348。
notice-sms-link = 查看：{ $link }
notice-sms-neutral = 您有一条新的提醒，请在方便的时候查看。

notice-mail-subject = 您的办件有新的进展
notice-mail-subject-neutral = 您有一条新的提醒
notice-mail-foot = 这封邮件由系统发出，请不要直接回复。工作人员不会向您索要查询码和验证码。
notice-mail-proof-subject = 请确认您的邮箱
notice-mail-proof =
    有人在公共法律服务平台填写了这个邮箱，希望在这里收到办件提醒。

    如果是您本人，请在一天之内打开下面的地址，并在页面上按“确认”：
    { $link }

    如果不是您，请不用理会，我们不会再给这个邮箱发邮件。
notice-mail-wrong = 这不是一个邮箱地址，例如 name@example.cn。
notice-mail-refused = 这个邮箱收不到邮件，请核对后再填。
notice-mail-later = 邮件暂时发不出去，请稍后再试。您填写的邮箱已经记下。
notice-mail-too-many = 确认邮件发得太频繁了，请一小时后再试。
notice-mail-not-here = 这里还没有开通邮件提醒。
next-wait-an-hour = 一小时后再试，或者拨打 12348。

notice-inbox-received = 您的办件已经收到
notice-inbox-missing = 需要您补充材料
notice-inbox-missing-by = 需要您在{ $due }前补充材料
notice-inbox-decided = 有新的决定或者文书
notice-inbox-assigned = 已安排人员为您办理
notice-inbox-waiting = 需要您办一步
notice-inbox-waiting-by = 需要您在{ $due }前办一步
notice-inbox-due-soon = 有一项快到期了
notice-inbox-due-soon-by = 有一项在{ $due }到期
notice-inbox-answered = 办理单位回复了您
notice-inbox-closed = 您的办件已经办结
notice-inbox-rate = 您的办件已经办结，欢迎评价
notice-inbox-moved = 您的办件有新的进展

notice-staff-assigned = 有一件交给您办理
notice-staff-due-soon = 您手上有一项快到期了
notice-staff-due-soon-by = 您手上有一项在{ $due }到期
notice-staff-call = 消息没有送到当事人，请打电话告知

notice-receipt-unsigned = 回执没有有效签名，或者签名时间已过。
notice-receipt-unreadable = 回执读不懂：应当有 id 和 status（delivered 或 failed）。
notice-receipt-unknown = 没有这条短信。
next-check-receipt = 请核对密钥、时间和回执格式。
notice-call-not-open = 这一条已经有人打过电话，或者不需要打。

messages-title = 我的消息
messages-count = 我的消息（{ $count }条未读）
messages-none = 还没有消息。
messages-read = 全部标为已读
messages-unread = 未读
messages-also-mail = 同时发到邮箱
messages-mail = 邮箱
messages-mail-hint = 我们先发一封确认邮件，您按过确认之后才会收到提醒。邮件里不写办件内容。
messages-mail-save = 保存并发送确认邮件
messages-mail-waits = 已向 { $mail } 发出确认邮件，请打开邮件并按“确认”。
messages-mail-holds = 提醒会同时发到 { $mail }。
messages-mail-forget = 不再发到这个邮箱

link-title = 查看提醒
link-tap-lead = 请按下面的按钮继续。我们不会在没有您操作的情况下打开或者确认任何内容。
link-go = 继续
link-gone = 这个链接已经失效
link-gone-text = 链接可能已经过期或者用过。您仍然可以凭办件编号和查询码查看进展，也可以拨打 { $tel }。
link-proved = 邮箱已确认
link-proved-text = 今后的提醒会同时发到这个邮箱。您可以随时在“我的消息”里取消。

desk-messages = 消息
desk-messages-count = 消息（{ $count }）
trail-title = 通知送达
trail-none = 还没有对外发出通知。
trail-call = 没有送到，请打电话告知
trail-call-none = 当事人要求不发消息，请在约定时间打电话
trail-called = 已电话告知
trail-call-done = 已有人打过电话
trail-what = 内容
trail-way = 方式
trail-state = 状态
trail-tries = 试了{ $tries }次
channel-inbox = 站内
channel-sms = 短信
channel-mail = 邮件
state-queued = 等待发送
state-sending = 正在发送
state-sent = 已发出
state-delivered = 已送达
state-failed = 没有送到
state-suppressed = 没有发
