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

place-hint = 输入名称、拼音（如 dongchangfu、dcf）或区划代码
place-found = 找到 { $n } 个，用上下方向键选择
place-none = 没有找到，请换个写法
place-list = 可选的地方
place-unknown = 没有找到这个地方，请换个写法，或只写县（市、区）的名称。
place-several = 这个名称有 { $n } 个地方，请在下面选一个，或写得更完整一些。
place-which = “{ $text }”是下面哪一个？
place-more = 还有 { $n } 个没有列出，请把名称写完整一些。
area-by-name = 也可以直接写乡镇、街道、村或社区的名称

areas-title = 区划更替
areas-lead = 村、社区合并或改名后，原来的代码不再使用。系统能认出改名和整体换码；认不出的，先归到所在乡镇、街道。下面列出仍有机构或人员挂在旧代码上的区划，请登记它们并入了哪里。
areas-standing = 现有区划
areas-linked = 已知去向的旧区划
areas-unknown = 去向不明、归到乡镇的旧区划
areas-waiting = 等待登记去向（{ $n } 个）
areas-none = 没有需要登记的区划。
areas-told-with = { $date }起不再使用，目前归到{ $town }。
areas-office = 机构：{ $name }
areas-person = 人员：{ $name }（{ $login }）
areas-link = 登记去向
areas-link-title = { $name }并入了哪里
areas-to = 接续的村、社区或乡镇
areas-reason = 依据
areas-reason-hint = 如批复文号。将写入审计记录。
