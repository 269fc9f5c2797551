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

area-link-from = 该区划仍在使用，或去向已登记。
area-link-to = 请选择一个现在存在的区划。
area-link-level = 接续的区划不能比原区划级别更低。
area-link-reason = 请写明依据（500 字以内）。
area-link-not-yours = 只有该区划的负责人或监督人员可以登记去向。

service-area-id = 编号只用小写字母、数字、点和连字符（64 个以内）。
service-area-members = 请至少列出一个区划，且不要重复。
service-area-office = 没有这个机构。
