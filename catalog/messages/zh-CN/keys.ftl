# 找人、查阅记录、密钥

keys-search = 按人查件
keys-search-lead = 只填一项。只会列出您有权查看的办件。
keys-search-name = 姓名（可以只填其中两个字，也可以填拼音）
keys-search-paper = 证件号码或统一社会信用代码
keys-search-phone = 手机号码
keys-search-tail = 手机号后四位
keys-search-logged = 每次查询都会留下记录：谁、什么时候、按哪一项查。查询的内容不会保存。
keys-search-button = 查找
keys-search-more = 下一页
keys-search-found = 找到 { $n } 件
keys-search-none = 没有找到。请核对输入，或者换一项再查。
keys-search-person = 当事人
keys-search-place = 地方
keys-search-opened = 收件时间

keys-looks = 谁看过我的信息
keys-looks-lead = 这里列出工作人员查看完整信息的每一次：什么时候、哪个单位、看了什么、为什么。
keys-looks-none = 还没有人查看过您的完整信息。
keys-looks-names = 工作人员以单位和岗位显示。您有疑问，可以给经办单位留言，或者拨打 12348。
keys-looks-when = 时间
keys-looks-who = 单位和岗位
keys-looks-what = 查看内容
keys-looks-why = 原因
keys-looks-staff = 工作人员
keys-looks-file = 提交的材料
keys-looks-copy = 本人取走的全部资料副本
keys-looks-export = 导出清单中的全部个人信息
keys-looks-own = 本人
keys-looks-document = 文书
keys-looks-value = 填写的内容
keys-looks-other = 其他当事人
keys-looks-work = 办理本件

error-search-one = 姓名、证件号码、手机号、手机号后四位，请只填一项。
error-search-tail = 请填手机号的最后四位数字。
error-search-short = 请至少填两个字。
error-masked = 这里是隐去了一部分的内容，不能当作新的内容保存。要改就填完整的，不改就不用填。
