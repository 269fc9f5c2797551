//! What must be found, and what must not: each line a text somebody might write.

use super::*;

fn known() -> Known {
    Known {
        people: vec!["王建国".into(), "李娜".into(), "欧阳小明".into(), "张某".into(), "赵".into()],
        companies: vec!["聊城市鲁西建筑有限公司".into()],
        numbers: vec!["13800138000".into(), "11010519491231002X".into(), "913715001234567890".into()],
    }
}

fn places() -> Gazetteer {
    let rows = [
        ("371500000000", "聊城市"),
        ("371502000000", "东昌府区"),
        ("371502001000", "古楼街道"),
        ("371502104000", "堂邑镇"),
        ("371521111251", "牛吴村委会"),
        ("371522106241", "商王庄村委会"),
        ("371502001010", "团结社区居委会"),
    ];
    Gazetteer::new(rows.iter().map(|(code, name)| (code.parse().unwrap(), *name)))
}

fn found(text: &str) -> Vec<(Sort, String)> {
    check(text, &known(), &places()).into_iter().map(|one| (one.sort, one.said)).collect()
}

#[test]
fn what_tells_whom_it_is_about_is_found() {
    let missed: Vec<String> = [
        ("王建国被拖欠工资", Sort::Name, "王建国"),
        ("王\u{200b}建国被拖欠工资", Sort::Name, "王\u{200b}建国"),
        ("建国已经起诉", Sort::MaybeName, "建国"),
        ("李娜要求离婚", Sort::Name, "李娜"),
        ("欧阳小明欠钱不还", Sort::Name, "欧阳小明"),
        ("聊城市鲁西建筑有限公司没有发工资", Sort::Company, "聊城市鲁西建筑有限公司"),
        ("鲁西建筑没有发工资", Sort::MaybeCompany, "鲁西建筑"),
        ("身份证11010519491231002X", Sort::Paper, "11010519491231002X"),
        ("身份证 110105 19491231 002x", Sort::Paper, "110105 19491231 002x"),
        ("身份证１１０１０５１９４９１２３１００２Ｘ", Sort::Paper, "１１０１０５１９４９１２３１００２Ｘ"),
        ("号码371502198001011234不对", Sort::Paper, "371502198001011234"),
        ("信用代码91370000MA3C4D5E6F", Sort::LongNumber, "91370000MA3C4D5E6F"),
        ("打13912345678", Sort::Phone, "13912345678"),
        ("打139-1234-5678找我", Sort::Phone, "139-1234-5678"),
        ("打139 1234 5678", Sort::Phone, "139 1234 5678"),
        ("打１３９１２３４５６７８", Sort::Phone, "１３９１２３４５６７８"),
        ("打+8613912345678", Sort::Phone, "8613912345678"),
        ("座机0635-8412345", Sort::Phone, "0635-8412345"),
        ("138****8000说的", Sort::LongNumber, "138****8000"),
        ("一三九一二三四五六七八", Sort::LongNumber, "一三九一二三四五六七八"),
        ("卡号6222021234567890128", Sort::Card, "6222021234567890128"),
        ("卡号5500 0000 0000 0004", Sort::Card, "5500 0000 0000 0004"),
        ("学号20231234567", Sort::LongNumber, "20231234567"),
        ("车牌鲁P12345", Sort::Plate, "鲁P12345"),
        ("鲁P·D12345的司机", Sort::Plate, "鲁P·D12345"),
        ("邮箱zhang.san@example.cn", Sort::Mail, "zhang.san@example.cn"),
        ("微信号：zs_12345", Sort::Account, "zs_12345"),
        ("加QQ123456聊", Sort::Account, "123456"),
        ("见https://example.com/a?b=1", Sort::Link, "https://example.com/a?b=1"),
        ("（2024）鲁1502民初123号判决", Sort::Case, "（2024）鲁1502民初123号"),
        ("柳园南路15号门口", Sort::Address, "柳园南路15号"),
        ("在3号楼2单元", Sort::Address, "3号楼"),
        ("到501室", Sort::Address, "501室"),
        ("阳光花园小区的物业", Sort::MaybeAddress, "阳光花园小区"),
        ("我家住城南新村附近", Sort::MaybeAddress, "城南新村附近"),
        ("在牛吴村承包土地", Sort::Village, "牛吴村"),
        ("商王庄有人说", Sort::Village, "商王庄"),
        ("团结社区调解过", Sort::Village, "团结社区"),
        ("到李家村调解", Sort::MaybeVillage, "李家村"),
        ("古楼街道办事处处理过", Sort::Town, "古楼街道"),
        ("堂邑镇司法所", Sort::Town, "堂邑镇"),
        ("东昌府区的工地", Sort::County, "东昌府区"),
        ("2024年3月15日签的合同", Sort::Day, "2024年3月15日"),
        ("二〇二四年三月十五日签的", Sort::Day, "二〇二四年三月十五日"),
        ("3月15号签的", Sort::Day, "3月15号"),
        ("2024-03-15签的", Sort::Day, "2024-03-15"),
        ("2024.3.15签的", Sort::Day, "2024.3.15"),
        ("欠38562元", Sort::Sum, "38562元"),
        ("欠12345.67元", Sort::Sum, "12345.67元"),
        ("刘德胜先生说", Sort::MaybeName, "刘德胜"),
        ("我叫周大勇，在工地干活", Sort::MaybeName, "周大勇"),
        ("姓名：孙丽", Sort::MaybeName, "孙丽"),
    ]
    .into_iter()
    .filter(|(text, sort, said)| !found(text).iter().any(|(other, words)| other == sort && words == said))
    .map(|(text, sort, said)| format!("{text}: {sort:?} {said} not in {:?}", found(text)))
    .collect();
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn what_is_general_is_left_alone() {
    let wrong: Vec<String> = [
        "用人单位拖欠工资的，可以先向劳动保障监察机构投诉，也可以申请劳动仲裁。",
        "仲裁时效为一年，从知道或者应当知道权利被侵害之日起计算。",
        "经济补偿每满一年支付一个月工资；六个月以上不满一年的按一年算。",
        "拨打12348咨询，拖欠工资可以打12333，有危险先打110、120。",
        "《劳动合同法》第四十七条、第八十七条，《民法典》第一千零七十九条。",
        "增加赔偿的金额不足500元的，为500元；标准是3000元以下。",
        "本法自2021年1月1日起施行。",
        "张某向李某某借款5万元，约定三个月内还清。",
        "农村的宅基地、本村村民、村民委员会可以出具证明。",
        "可以请村委会、居委会或者人民调解委员会调解，调解不收费。",
        "团结互助、公平合理是处理邻里关系的原则。",
        "住宅小区的物业服务企业应当公开收费标准。",
        "向用人单位所在地的劳动争议仲裁委员会申请。",
        "任何律师都不能承诺结果，可以找律师咨询。",
        "两年前借的钱，三年之内可以起诉，最长不超过二十年。",
        "证据包括工资条、考勤、工友证言、微信聊天记录、转账记录。",
        "聊城市的平均工资由市里公布。",
        "司发通〔2023〕12号文件有规定。",
        "交强险、商业险、A4纸、CPI上涨2.5%。",
        "1. 先收集证据；2. 再投诉；3. 最后仲裁。",
        "工龄满10年不满20年的，休10天；合同期3年以上的，试用期不超过6个月。",
        "打12348，报编号就能接着问。",
    ]
    .into_iter()
    .filter(|text| !found(text).is_empty())
    .map(|text| format!("{text}: {:?}", found(text)))
    .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_finding_tells_its_place_in_what_was_typed() {
    let text = "打给王建国：１３９１２３４５６７８，谢谢";
    let findings = check(text, &known(), &places());
    let letters: Vec<char> = text.chars().collect();
    assert_eq!(findings.len(), 2);
    for one in &findings {
        assert_eq!(letters[one.from..one.to].iter().collect::<String>(), one.said);
        assert_eq!(one.weight, Weight::Hard);
    }
    assert_eq!(struck(text, &findings), "打给（略）：（略），谢谢");
}

#[test]
fn a_number_of_a_matter_here_is_known_by_its_check_digit() {
    let number = kernel::number::MatterNumber::new("371502".parse().unwrap(), 2026, 427).unwrap();
    for text in [format!("编号{number}"), format!("编号{}，请查", number.grouped())] {
        assert_eq!(found(&text)[0].0, Sort::Matter, "{text}");
    }
}

#[test]
fn nothing_typed_breaks_the_check() {
    for text in [
        "",
        "1",
        "*",
        "@",
        "鲁",
        "（2024）",
        "路1",
        "村",
        "小区",
        "2024年",
        "\u{200b}",
        "🙂🙂先生",
        "-1-2-3-4-5-6-7-",
    ] {
        let _ = check(text, &known(), &places());
        let _ = check(&text.repeat(50), &known(), &places());
    }
}
