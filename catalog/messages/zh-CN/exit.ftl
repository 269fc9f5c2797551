# 快速离开
exit-button = 快速离开本页
exit-title = 便民服务
exit-timed-out = 没有离开，仍在本页。
exit-two-more = 再按两次 Shift 键离开。
exit-one-more = 再按一次 Shift 键离开。
