# 存证
next-log-unsigned = 存证日志每小时签一次，请稍后再来。
error-log-size = 请给出日志的两个长度：from 至少为 1，to 不小于 from，也不超过现有长度。
