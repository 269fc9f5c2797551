-platform = 惠法
hello = 您好,{ $name },这里是{ -platform }。
bye = 再见。
