# 谁能做什么：权限规则的文字
refused-duty = 您的岗位不办理这一类事项，由办理这类事项的岗位处理。

# 帮忙的人
action-add-helper = 让别人帮我
action-end-helper = 不再让别人帮我
told-add-helper = 申请人同意让一位帮忙的人看进度
told-end-helper = 帮忙到此结束，帮忙的人看不到这件事了
told-join-as-helper = 帮忙的人已经加入
action-join-as-helper = 帮忙的人加入
act-lead-add-helper = 提交后会得到一个帮忙码，把它和办件编号告诉您信任的人。对方用自己的手机号登录后填写，就能在您定的日期之前看到这一件事。
act-lead-end-helper = 对方马上就看不到这件事了；还没用过的帮忙码也立即失效。
refused-helper-stands = 已经有一位帮忙的人，或者有一个帮忙码还没用。要换人，请先结束现在的。
refused-no-helper = 现在没有帮忙的人。
refused-helper-citizen = 帮忙的人要用自己的手机号登录。
refused-helper-self = 这是您自己的事，帮忙码要交给别人。
next-end-helper = 先点“不再让别人帮我”，再请另一位。
next-sign-in-by-phone = 用手机号登录
next-hand-on-code = 把帮忙码告诉您信任的人。
error-helper-until-past = 请填写今天或者以后的日期。
helper-title = 帮忙的人
helper-none = 现在没有别人能看到这件事。
helper-offered = 帮忙码还没有人用。
helper-helping = 有一位帮忙的人能看到这件事。
helper-code = 帮忙码
helper-code-hand-on = 只告诉您信任的人。对方用自己的手机号登录本网站，在“我的办件”里点“我来帮别人”，填写办件编号和帮忙码。
helper-may-act = 可以看进度，也可以替您留言、交材料；不能替您撤回、评价、签字。
helper-may-read = 只能看进度。
helper-until = 到{ $until }零点为止。
helping-title = 我来帮别人
helping-lead = 有人请您帮忙办事？请填写对方告诉您的办件编号和帮忙码。您只会看到这一件事，到对方定的日期为止。
helping-code = 帮忙码
helping-code-hint = 8位字母和数字，由申请人告诉您
helping-button = 开始帮忙
helping-wrong = 办件编号或者帮忙码不对，或者已经失效。请和申请人核对。
