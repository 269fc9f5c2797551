# 安全：请求过大、过慢、不加密的连接；文件检查；出错时的追踪号。

problem-too-slow = 传得太慢
problem-url-too-long = 网址太长
problem-headers-too-large = 请求头太大

next-too-slow = 请换一个更好的网络再试。
next-url-too-long = 请缩短网址后再试。
next-headers-too-large = 请减少请求头或清除本站的 Cookie 后再试。

next-better-line = 请换一个更好的网络，或者把文件改小后再试。
next-use-https = 请用 https:// 开头的网址访问。

refused-too-slow = 内容传得太慢，{ $seconds } 秒后还没有达到最低速度，已停止接收。
refused-url-long = 网址超过了 { $bytes } 字节。
refused-headers-large = 请求头合计超过了 { $bytes } 字节。
refused-plain-http = 这个连接没有加密，为了保护您的信息，这里不提供服务。

ui-trace = 追踪号：{ $trace }。联系我们时报上它，我们就能找到这次请求。

# 上传文件的检查。
files-bomb = 这个文件展开后大得不合常理，没有收下。
files-nested = 这个文件里压缩包套着压缩包，没有收下。
files-program = 这个文件里含有程序，没有收下。
files-two-kinds = 这个文件同时是两种格式，没有收下。
files-locked = 这个文件设了密码，我们打不开，没有收下。
files-damaged = 这个文件已损坏，没有收下。
files-dimensions = 这张图片的尺寸大得不合常理，没有收下。
files-next-plain = 请另存一份普通的文件，或者打印后拍照上传。
files-infected = 这个文件里发现了病毒（{ $finding }），没有收下。
files-infected-since = 这个文件里发现了病毒，内容已经删除。
files-in-quarantine = 这个文件还在等待病毒检查，检查完才能打开。
files-next-later = 请过几分钟再打开。
files-next-anew = 请换一台安全的电脑或手机，重新上传一份干净的文件；也可以把原件交到窗口。

ui-flag-title = 打开前请注意
ui-flag-text = “{ $name }”可以下载，但是里面有下面的内容。请在安全的环境里打开，不要允许它运行程序或访问网络。
ui-flag-open = 我知道了，下载这个文件
files-flag-pdf-script = 这份 PDF 里有脚本。
files-flag-pdf-launch = 这份 PDF 打开时可能启动程序或访问网址。
files-flag-pdf-attachment = 这份 PDF 里夹带了别的文件。
files-flag-office-external = 这份文档打开时会从别处读取内容。

refused-too-many-files = 一小时内从这个网络地址最多上传 { $most } 个文件，已经到了上限。
next-fewer-files = 请过一会儿再上传，或者把材料交到窗口。
