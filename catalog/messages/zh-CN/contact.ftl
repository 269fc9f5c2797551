# 联系须知：怎么联系才安全
error-hours = 请写明起止两个时间，例如 09:00 和 17:30。
error-contact-message = 请选择：不发消息、只发中性内容、照常联系。
