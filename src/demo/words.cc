#include "demo/words.h"

namespace onefold::demo {

std::span<const Spelled> surnames() {
    static constexpr std::array<Spelled, 40> all{
        {{"王", "wang"}, {"李", "li"}, {"张", "zhang"}, {"刘", "liu"}, {"陈", "chen"}, {"杨", "yang"}, {"黄", "huang"},
            {"赵", "zhao"}, {"周", "zhou"}, {"吴", "wu"}, {"徐", "xu"}, {"孙", "sun"}, {"马", "ma"}, {"朱", "zhu"},
            {"胡", "hu"}, {"郭", "guo"}, {"何", "he"}, {"林", "lin"}, {"高", "gao"}, {"罗", "luo"}, {"郑", "zheng"},
            {"梁", "liang"}, {"谢", "xie"}, {"宋", "song"}, {"唐", "tang"}, {"许", "xu"}, {"韩", "han"}, {"邓", "deng"},
            {"冯", "feng"}, {"曹", "cao"}, {"彭", "peng"}, {"曾", "zeng"}, {"肖", "xiao"}, {"田", "tian"},
            {"董", "dong"}, {"潘", "pan"}, {"袁", "yuan"}, {"蒋", "jiang"}, {"沈", "shen"}, {"欧阳", "ouyang"}}};
    return all;
}

std::span<const Spelled> given_of_women() {
    static constexpr std::array<Spelled, 30> all{{{"芳", "fang"}, {"娜", "na"}, {"敏", "min"}, {"静", "jing"},
        {"丽", "li"}, {"艳", "yan"}, {"娟", "juan"}, {"霞", "xia"}, {"秀英", "xiuying"}, {"桂兰", "guilan"},
        {"雨桐", "yutong"}, {"欣怡", "xinyi"}, {"梓涵", "zihan"}, {"诗琪", "shiqi"}, {"佳宁", "jianing"},
        {"晓燕", "xiaoyan"}, {"海燕", "haiyan"}, {"丽华", "lihua"}, {"春梅", "chunmei"}, {"雪", "xue"},
        {"思远", "siyuan"}, {"若溪", "ruoxi"}, {"婷婷", "tingting"}, {"琳", "lin"}, {"慧", "hui"}, {"洁", "jie"},
        {"莹", "ying"}, {"玉兰", "yulan"}, {"文静", "wenjing"}, {"嘉怡", "jiayi"}}};
    return all;
}

std::span<const Spelled> given_of_men() {
    static constexpr std::array<Spelled, 30> all{{{"伟", "wei"}, {"强", "qiang"}, {"磊", "lei"}, {"军", "jun"},
        {"洋", "yang"}, {"勇", "yong"}, {"杰", "jie"}, {"涛", "tao"}, {"明", "ming"}, {"超", "chao"},
        {"建国", "jianguo"}, {"志远", "zhiyuan"}, {"子轩", "zixuan"}, {"浩然", "haoran"}, {"宇航", "yuhang"},
        {"俊杰", "junjie"}, {"建华", "jianhua"}, {"国强", "guoqiang"}, {"志强", "zhiqiang"}, {"海波", "haibo"},
        {"文博", "wenbo"}, {"立新", "lixin"}, {"鹏", "peng"}, {"辉", "hui"}, {"斌", "bin"}, {"刚", "gang"},
        {"凯", "kai"}, {"天宇", "tianyu"}, {"晨", "chen"}, {"永康", "yongkang"}}};
    return all;
}

std::span<const Spelled> brands() {
    static constexpr std::array<Spelled, 36> all{{{"恒", "heng"}, {"锐", "rui"}, {"博", "bo"}, {"远", "yuan"},
        {"嘉", "jia"}, {"利", "li"}, {"盛", "sheng"}, {"华", "hua"}, {"信", "xin"}, {"德", "de"}, {"通", "tong"},
        {"达", "da"}, {"联", "lian"}, {"创", "chuang"}, {"科", "ke"}, {"泰", "tai"}, {"安", "an"}, {"宏", "hong"},
        {"景", "jing"}, {"业", "ye"}, {"瀚", "han"}, {"宇", "yu"}, {"凌", "ling"}, {"云", "yun"}, {"启", "qi"},
        {"航", "hang"}, {"天", "tian"}, {"成", "cheng"}, {"金", "jin"}, {"铭", "ming"}, {"万", "wan"}, {"胜", "sheng"},
        {"润", "run"}, {"康", "kang"}, {"卓", "zhuo"}, {"力", "li"}}};
    return all;
}

std::span<const Trade> trades() {
    static constexpr std::array<Trade, 14> all{{{"精密机械", "机械制造", "Mechanical engineering"},
        {"自动化设备", "工业自动化", "Automation"}, {"机器人", "机器人", "Robotics"},
        {"数控机床", "机床", "Machine tools"}, {"半导体设备", "半导体", "Semiconductors"},
        {"光学仪器", "光学", "Optics"}, {"医疗器械", "医疗器械", "Medical devices"},
        {"汽车零部件", "汽车", "Automotive"}, {"新能源装备", "新能源", "Renewable energy"},
        {"模具", "模具", "Tool making"}, {"测量仪器", "仪器仪表", "Instruments"}, {"电子科技", "电子", "Electronics"},
        {"包装机械", "包装", "Packaging"}, {"液压技术", "液压", "Hydraulics"}}};
    return all;
}

std::span<const Place> places() {
    static constexpr std::array<Place, 20> all{
        {{"苏州", "江苏", "中国"}, {"上海", "上海", "中国"}, {"深圳", "广东", "中国"}, {"东莞", "广东", "中国"},
            {"宁波", "浙江", "中国"}, {"杭州", "浙江", "中国"}, {"无锡", "江苏", "中国"}, {"南京", "江苏", "中国"},
            {"常州", "江苏", "中国"}, {"广州", "广东", "中国"}, {"佛山", "广东", "中国"}, {"青岛", "山东", "中国"},
            {"天津", "天津", "中国"}, {"北京", "北京", "中国"}, {"成都", "四川", "中国"}, {"重庆", "重庆", "中国"},
            {"武汉", "湖北", "中国"}, {"西安", "陕西", "中国"}, {"沈阳", "辽宁", "中国"}, {"合肥", "安徽", "中国"}}};
    return all;
}

std::span<const Country> countries() {
    static constexpr std::array<Country, 5> all{
        {{"Germany", "GmbH", {"Anna", "Lena", "Clara", "Sabine", "Julia", "Petra", "Katrin", "Marie", "Heike", "Nina"},
             {"Jonas", "Lukas", "Stefan", "Thomas", "Felix", "Jan", "Uwe", "Martin", "Tobias", "Karl"},
             {"Brandt", "Keller", "Hoffmann", "Vogel", "Schuster", "Winkler", "Lorenz", "Busch", "Engel", "Roth",
                 "Krause", "Berger"},
             {"Stuttgart", "Dresden", "Hamburg", "Aachen"}},
            {"France", "SAS",
                {"Camille", "Julie", "Claire", "Sophie", "Manon", "Elise", "Nathalie", "Lucie", "Alice", "Margaux"},
                {"Hugo", "Louis", "Julien", "Pierre", "Antoine", "Mathieu", "Luc", "Paul", "Bastien", "Xavier"},
                {"Moreau", "Fontaine", "Girard", "Lambert", "Rousseau", "Chevalier", "Marchand", "Dupuis", "Renard",
                    "Lefort", "Barbier", "Colin"},
                {"Lyon", "Toulouse", "Grenoble", "Lille"}},
            {"United States", "Inc.",
                {"Emily", "Grace", "Hannah", "Megan", "Laura", "Rachel", "Kate", "Sarah", "Diana", "Olivia"},
                {"James", "Ethan", "Ryan", "Kevin", "Daniel", "Brian", "Mark", "Henry", "Aaron", "Scott"},
                {"Carter", "Mitchell", "Parker", "Reed", "Hughes", "Foster", "Bennett", "Hayes", "Sullivan", "Barnes",
                    "Porter", "Walsh"},
                {"Detroit", "Austin", "Cleveland", "San Jose"}},
            {"United Kingdom", "Ltd",
                {"Charlotte", "Amelia", "Freya", "Isla", "Beth", "Fiona", "Harriet", "Lucy", "Rose", "Imogen"},
                {"Oliver", "George", "Callum", "Alistair", "Ewan", "Simon", "Graham", "Neil", "Rupert", "Colin"},
                {"Ashdown", "Birch", "Dunmore", "Elmwood", "Fairley", "Goodwin", "Hartley", "Ingram", "Kersey",
                    "Lockhart", "Marlow", "Thornton"},
                {"Coventry", "Sheffield", "Bristol", "Glasgow"}},
            {"Japan", "K.K.", {"Yuki", "Sakura", "Aiko", "Hana", "Emi", "Naoko", "Rina", "Mika", "Yoko", "Keiko"},
                {"Haruto", "Kenji", "Takeshi", "Daiki", "Ryo", "Shota", "Hiroshi", "Kaito", "Makoto", "Satoshi"},
                {"Tanaka", "Sato", "Suzuki", "Watanabe", "Yamamoto", "Nakamura", "Kobayashi", "Kato", "Yoshida",
                    "Yamada", "Mori", "Ishikawa"},
                {"Nagoya", "Osaka", "Yokohama", "Hamamatsu"}}}};
    return all;
}

std::span<const std::string_view> foreign_brands() {
    static constexpr std::array<std::string_view, 24> all{"Northfield", "Altmark", "Rivage", "Stonebridge", "Kestrel",
        "Halden", "Corvina", "Mirador", "Brightwater", "Larkspur", "Ostara", "Tamarind", "Greywell", "Sunder",
        "Palisade", "Vireo", "Harrow", "Kitamori", "Aozora", "Lindqvist", "Maren", "Tessera", "Ironwood", "Quillon"};
    return all;
}

std::span<const std::string_view> titles() {
    static constexpr std::array<std::string_view, 10> all{"总经理", "采购经理", "技术总监", "采购员", "机械工程师",
        "设备主管", "生产经理", "质量工程师", "研发工程师", "仓库主管"};
    return all;
}

std::span<const std::string_view> foreign_titles() {
    static constexpr std::array<std::string_view, 10> all{"Managing director", "Head of purchasing",
        "Technical director", "Buyer", "Mechanical engineer", "Maintenance lead", "Production manager",
        "Quality engineer", "R&D engineer", "Warehouse lead"};
    return all;
}

std::span<const std::string_view> owners() {
    static constexpr std::array<std::string_view, 9> all{
        "陈思远", "林佳宁", "周立新", "许文静", "高海波", "Anna Keller", "唐晓燕", "James Reed", "沈浩然"};
    return all;
}

std::span<const Article> machine_parts() {
    static constexpr std::array<Article, 14> all{
        {{"LG-25-1000", "直线导轨 25 mm × 1000 mm", 86'000}, {"LG-35-2000", "直线导轨 35 mm × 2000 mm", 214'000},
            {"BS-2005-600", "滚珠丝杠 2005 × 600 mm", 132'000}, {"BS-3210-1500", "滚珠丝杠 3210 × 1500 mm", 348'000},
            {"AC-7008-P4", "角接触球轴承 7008 P4", 46'500}, {"SP-24K-3.7", "电主轴 24000 rpm 3.7 kW", 1'280'000},
            {"RT-200-CNC", "数控分度盘 200 mm", 2'650'000}, {"GB-90-10", "精密行星减速机 90 1:10", 189'000},
            {"SM-750-23", "伺服电机 750 W 23 bit", 158'000}, {"MG-60-GR", "大理石测量平台 600 mm", 420'000},
            {"CH-ER32-SET", "ER32 夹头套装", 68'000}, {"LM-20-UU", "直线轴承 LM20UU", 3'800},
            {"OS-400-LT", "集中润滑单元", 96'000}, {"SV-YEAR", "年度维保服务", 980'000}}};
    return all;
}

std::span<const Article> shop_articles() {
    static constexpr std::array<Article, 12> all{
        {{"HT-DC-150", "数显卡尺 150 mm", 26'800}, {"HT-MM-25", "外径千分尺 0-25 mm", 32'800},
            {"HT-DI-10", "百分表 0-10 mm", 18'600}, {"HT-LV-200", "框式水平仪 200 mm", 45'800},
            {"LM-8-UU-4", "直线轴承 LM8UU（4 个装）", 3'980}, {"BS-608-10", "轴承 608ZZ（10 个装）", 2'990},
            {"CN-T8-500", "T8 丝杠 500 mm 含螺母", 6'900}, {"PR-GR-02", "导轨润滑脂 400 g", 5'800},
            {"TL-HEX-9", "内六角扳手 9 件套", 8'900}, {"CP-DB-100", "对刀仪", 68'000},
            {"KT-CNC-3018", "桌面数控雕刻机套件 3018", 128'000}, {"BK-PREC", "《精密测量入门》", 4'900}}};
    return all;
}

std::span<const std::string_view> questions() {
    static constexpr std::array<std::string_view, 10> all{"什么时候发货？", "导轨运行有异响", "申请开具增值税发票",
        "需要 7008 轴承的图纸", "主轴温升过高", "收到的丝杠有磕碰，要求换货", "如何修改收货地址？", "预约年度维保",
        "减速机选型咨询", "卡尺示值不准"};
    return all;
}

std::span<const std::string_view> foreign_questions() {
    static constexpr std::array<std::string_view, 8> all{"When will my order ship?", "Guide rail makes noise at speed",
        "Please send the invoice again", "3D model of the gearbox?", "Spindle runs hot", "Ball screw arrived damaged",
        "Maintenance contract for next year", "How do I change the delivery address?"};
    return all;
}

std::span<const std::string_view> fairs() {
    static constexpr std::array<std::string_view, 4> all{
        "中国国际工业博览会", "深圳机械展", "苏州自动化展", "Hannover Messe"};
    return all;
}

std::span<const std::string_view> webinars() {
    static constexpr std::array<std::string_view, 4> all{
        "滚珠丝杠选型实战", "机床主轴维护要点", "精密测量入门", "Linear motion in practice"};
    return all;
}

std::span<const std::string_view> nicknames() {
    static constexpr std::array<std::string_view, 12> all{"小雨", "阿强", "机床老李", "一路向北", "Sunny", "Leo",
        "精益求精", "晴天", "海阔天空", "小林同学", "工匠精神", "Mia"};
    return all;
}

} // namespace onefold::demo
