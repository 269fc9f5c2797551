### 登录、账号、上传文件时给人看的话

access-wrong-password = 账号或密码不对。
access-next-password = 请核对账号和密码后再试；忘记密码请联系本单位管理员重设。
access-wrong-code = 验证码不对、已用过或已过期。
access-next-code = 请核对短信里的六位数字，或重新获取验证码。
access-too-many = 尝试次数太多，请在 { $seconds } 秒后再试。
access-next-wait = 等 { $seconds } 秒后再试；急事请拨打 12348。
access-code-message = 验证码 { $code }，{ $minutes } 分钟内有效。工作人员不会向您索要验证码。
access-phone-form = 请填写手机号码（11 位数字）或带区号的固定电话。
access-sign-in-shape = 请只用一种方式登录：账号和密码、手机号和验证码，或者办件编号和查询码。
access-next-sign-in = 请先登录；没有账号可以凭办件编号和查询码查看。
access-session-ended = 登录已失效，请重新登录。
access-account-refused = 账号信息有误，没有保存。
access-login-form = 账号用 2 到 64 位小写字母、数字、点或横线，以字母或数字开头。
access-login-taken = 这个账号已经有人用了。
access-login-unknown = 没有这个工作人员账号。
access-name-form = 请填写姓名，最多 80 个字。
access-password-form = 密码需要 8 到 128 位。
access-organisation-unknown = 没有这个机构。
access-role-implied = 这个身份由办件产生，不能授予。
access-role-separate = 系统管理员、安全管理员、审计管理员须由不同的人担任，且不得兼任业务岗位。
access-area-unknown = 没有这个行政区划。
access-next-area = 可在行政区划列表中查找。

files-too-large = 文件太大，每个文件最大 { $megabytes } MB。
files-next-smaller = 请缩小图片或分成几个文件再上传；也可以到窗口提交原件。
files-type-unknown = 不能接收这种文件，或者文件已损坏。
files-next-type = 可以上传：{ $taken }。
files-missing = 没有收到文件，请在 file 字段中上传一个文件。
files-unknown = 没有这个文件，或者它已过期、已用在别的办件里。
files-next-again = 请重新上传。
files-busy = 正在接收的文件太多，请稍后再传。
files-key-mismatch = 这个幂等键已用于另一个文件。
files-next-key = 请换一个新的幂等键再上传。
