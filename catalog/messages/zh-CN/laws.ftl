# 法律法规：找、看、比。

laws-title = 法律法规
laws-find = 查法律法规和条文
laws-lead = 用自己的话写出遇到的事，或者写法律的名称。这里的条文供参考，拿不准请打 { $tel }。
laws-search-label = 您遇到了什么事，或者要找哪部法律
laws-search-example = 例如：公司辞退我没有给补偿
laws-articles = 可能有关的条文
laws-not-learned = 目前只按条文本身的字词查找，排列不一定准确。
laws-count = 名称符合的法律法规，共 { $n } 个版本
laws-more = 看后面的
laws-empty = 这里还没有收录法律法规。
laws-nothing = 没有找到。请换一种说法再试。
laws-version-of = { $day } 的版本
laws-status = 效力
laws-status-in-force = 现行有效
laws-status-repealed = 已废止
laws-status-amended = 已被修改
laws-status-historic = 历史版本
laws-status-unknown = 效力待核
laws-status-source = 效力的依据
laws-version = 本版本通过或修订日期
laws-from = 施行日期
laws-to = 失效日期
laws-source = 文本来源
laws-not-told = 来源没有说明
laws-not-in-force = 这个版本不是现行有效的文本，请不要作为现在的依据。
laws-versions = 各个版本
laws-compare = 与本版本对照
laws-compare-lead = 只列出有不同的条文。
laws-article = 条
laws-absent = 没有这一条
laws-contents = 目录
laws-unknown = 没有收录这部法律，或者这个版本。
laws-next-list = 请在法律法规列表里按名称查找。
laws-error-long = 太长了，请写短一些。

danger-title = 如果有危险，请马上打电话
