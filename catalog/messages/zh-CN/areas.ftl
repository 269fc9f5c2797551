# 区划：导入、更替、选择

area-row-code = 区划代码应为 2、4、6、9 或 12 位数字。
area-row-name = 请填写名称（60 字以内）。
area-row-level = 级别与代码不符。
area-row-parent = 上级代码与本代码不符。
area-row-date = 日期应写作 2026-11-30 的样式。
area-row-order = 终止日期应晚于起始日期。
area-row-homeless = 上级区划不存在，请先导入上级。
area-row-overlap = 同一代码在这段时间已另有一行。
area-row-twice = 同一代码重复出现。
area-row-outside = 不在所选区划范围内。
area-row-deeper = 级别低于这份快照声明的最低级别。
area-snapshot-late = 库中有 { $date } 当天或之后的变更，不能再导入这一天的快照。
