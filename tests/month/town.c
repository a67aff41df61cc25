/* The community: made of the seed, written as a folder of CSV files, and imported as any other. */
#include "month.h"

#include <unistd.h>

#define BOTS 5
#define REGISTERED_ONE_IN 5

static const struct {
    const char *name, *alias, *grid;
    int buildings;
} estates[] = {{"枫林苑", "枫林", "gr-1", 8},         {"明月湾", "明月", "gr-2", 8},
               {"机修厂家属院", "机修厂", "gr-3", 7}, {"滨河佳园", "滨河", "gr-3", 7},
               {"春晖里", "春晖", "gr-4", 6},         {"石桥新村", "石桥", "gr-4", 4}};
enum { ESTATES = sizeof estates / sizeof *estates };

/* X: the party, kind, name, place, roles */
static const struct {
    const char *id, *kind, *name, *place, *roles;
} units[] = {{"p-clinic", "unit", "清溪社区卫生站", "gr-1", "clinic"},
             {"p-pharmacy", "unit", "康源药房", "gr-2", "pharmacy"},
             {"p-market", "unit", "百家鲜超市", "gr-2", "supermarket"},
             {"p-care", "unit", "松龄养老院", "gr-3", "care_home"},
             {"p-nursery", "unit", "小树苗托育园", "gr-3", "nursery"},
             {"p-fix", "unit", "顺手修理铺", "gr-4", "repair_shop"},
             {"p-social", "unit", "同心社工站", "gr-4", "social_work"},
             {"p-school", "unit", "清溪小学", "gr-1", "school"},
             {"p-committee", "community", "清溪社区居委会", COMMUNITY, "staff"},
             {"p-team", "community", "清溪志愿服务队", COMMUNITY, "volunteer"},
             {"p-grid1", "community", "何晓梅", "gr-1", "grid_officer"},
             {"p-grid2", "community", "冯磊", "gr-2", "grid_officer"},
             {"p-grid3", "community", "邓佳", "gr-3", "grid_officer"},
             {"p-grid4", "community", "秦岚", "gr-4", "grid_officer"}};

static const char *const standing[] = {
    "s-1,p-clinic,device,轮椅;拐杖;助行器,4,台,lend,community,mon-sun "
    "08:00-18:00,2030-12-31,登记后免费借一个月",
    "s-2,p-clinic,device,血压计;血糖仪,3,台,lend,community,mon-sun 08:00-18:00,2030-12-31,",
    "s-3,p-clinic,medicine,慢病配药;降压药;常用药,30,人,paid,community,mon-sun "
    "08:00-18:00,2030-12-31,凭医保卡",
    "s-4,p-pharmacy,medicine,退烧药;感冒药;创可贴;肠胃药,50,份,paid,community,mon-sun "
    "00:00-24:00,2030-12-31,",
    "s-5,p-market,errand,送菜上门;代买,10,单,paid,community,mon-sun "
    "07:00-21:00,2030-12-31,满三十元",
    "s-6,p-care,eldercare,助餐;上门照护,6,人,paid,community,mon-sun "
    "07:00-19:00,2030-12-31,提前一天",
    "s-7,p-nursery,childcare,临时照看;托育,3,人,paid,community,mon-fri "
    "07:30-18:30,2030-12-31,三岁以下",
    "s-8,p-fix,repair,换灯泡;修水龙头;通马桶;换门锁,5,次,paid,community,mon-sat "
    "08:00-19:00,2030-12-31,材料另算",
    "s-9,p-social,comfort,聊天;陪伴;心理疏导,4,人,help,community,mon-fri 09:00-17:00,2030-12-31,",
    "s-10,p-social,advice,政策咨询;代填表格;居住证,6,次,help,community,mon-fri "
    "09:00-17:00,2030-12-31,",
    "s-11,p-school,space,教室;操场,1,间,lend,community,sat-sun 08:00-17:00,2026-09-20,提前三天",
    "s-12,p-team,escort,陪诊;陪同就医,3,人,help,community,mon-sun 08:00-18:00,2030-12-31,",
    "s-13,p-team,moving,搬运;抬重物,4,人,help,community,sat-sun 08:00-18:00,2030-12-31,两人以上",
    "s-14,p-committee,volunteer,捡垃圾;清洁家园,1000,人,help,community,mon-sun "
    "08:00-18:00,2030-12-31,"};

static FILE *file_in(const char *folder, const char *name, const char *head)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "we");
    if (!f)
        fail_msg("%s cannot be written", path);
    fprintf(f, "%s\n", head);
    return f;
}

static void close_file(FILE *f)
{
    if (ferror(f) || fclose(f))
        fail_msg("a file of the community could not be written");
}

/* --- places and groups --- */

static void add_building(struct month *m, int estate, int number, FILE *places, FILE *groups)
{
    struct town *t = &m->town;
    int i = t->n_buildings++;
    struct building *b = &t->buildings[i];
    struct chat_group *g = &t->groups[t->n_groups];
    *b = (struct building){.estate = estate,
                           .number = number,
                           .entrances = 2 + (int)any(m, 2),
                           .group = t->n_groups++};
    snprintf(b->id, sizeof b->id, "b-%d", i + 1);
    *g = (struct chat_group){.building = i, .estate = estate};
    snprintf(g->id, sizeof g->id, "g-%d", i + 1);
    snprintf(g->bot, sizeof g->bot, "bot-%d", i % BOTS + 1);
    fprintf(places, "%s,building,e-%d,%d栋,%d号楼;%d幢;%s%d栋\n", b->id, estate + 1, number, number,
            number, estates[estate].alias, number);
    for (int k = 1; k <= b->entrances; k++)
        fprintf(places, "%s-%d,entrance,%s,%d栋%d单元,%d-%d\n", b->id, k, b->id, number, k, number,
                k);
    fprintf(groups, "%s,generic,%s,%s,%s,%s%d栋邻里群\n", g->id, g->bot, g->id, b->id,
            estates[estate].name, number);
}

static void add_estate_group(struct month *m, int estate, FILE *groups)
{
    struct town *t = &m->town;
    struct chat_group *g = &t->groups[t->n_groups++];
    *g = (struct chat_group){.building = -1, .estate = estate};
    snprintf(g->id, sizeof g->id, "g-e%d", estate + 1);
    snprintf(g->bot, sizeof g->bot, "bot-%d", estate % BOTS + 1);
    fprintf(groups, "%s,generic,%s,%s,e-%d,%s业主群\n", g->id, g->bot, g->id, estate + 1,
            estates[estate].name);
}

static void write_places(struct month *m, const char *folder)
{
    FILE *places = file_in(folder, "places.csv", "id,kind,parent,name,aliases");
    FILE *groups = file_in(folder, "groups.csv", "id,connector,bot,external_id,place,name");
    fprintf(places, "st-1,street,,清溪街道,\n" COMMUNITY ",community,st-1,清溪社区,清溪;社区\n");
    for (int i = 1; i <= 4; i++)
        fprintf(places, "gr-%d,grid," COMMUNITY ",第%d网格,%d网格\n", i, i, i);
    m->town.n_estates = ESTATES;
    for (int e = 0; e < ESTATES; e++) {
        fprintf(places, "e-%d,estate,%s,%s,%s\n", e + 1, estates[e].grid, estates[e].name,
                estates[e].alias);
        for (int n = 1; n <= estates[e].buildings; n++)
            add_building(m, e, n, places, groups);
    }
    for (int e = 0; e < ESTATES; e++)
        add_estate_group(m, e, groups);
    close_file(places);
    close_file(groups);
}

/* --- people --- */

static void write_resident(struct month *m, const struct resident *r, FILE *f)
{
    static const char *const tags[] = {"",     "",       "热心",     "有车",   "elder_alone",
                                       "护士", "infant", "pregnant", "力气活", "退休教师",
                                       NULL};
    static const char *const hours[] = {"", "", "mon-sun 06:00-24:00",
                                        "mon-fri 18:00-22:00;sat-sun 08:00-22:00", NULL};
    static const char *const limits[] = {"", "", "0", "1", "2", "2", "3", "6", NULL};
    fprintf(f, "%s,resident,%s,%s-%d,%s,%s,%s,%s,%s\n", r->party, r->name,
            m->town.buildings[r->building].id, r->entrance, r->sender,
            any(m, 12) ? "" : "volunteer", pick(m, tags), pick(m, hours), pick(m, limits));
}

static void write_parties(struct month *m, const char *folder)
{
    FILE *f = file_in(folder, "parties.csv",
                      "id,kind,name,place,external_ids,roles,tags,availability,monthly_limit");
    for (int i = 0; i < PEOPLE; i++) {
        struct resident *r = &m->town.people[i];
        r->building = (int)any(m, (uint32_t)m->town.n_buildings);
        r->entrance = 1 + (int)any(m, (uint32_t)m->town.buildings[r->building].entrances);
        r->name = pick(m, name_words);
        snprintf(r->sender, sizeof r->sender, "u%d", i + 1);
        if (any(m, REGISTERED_ONE_IN))
            continue;
        snprintf(r->party, sizeof r->party, "p-%d", i + 1);
        write_resident(m, r, f);
    }
    for (int e = 1; e <= ESTATES; e++)
        fprintf(f, "p-pm%d,property,%s物业服务中心,e-%d,pm%d,property_manager,,,\n", e,
                estates[e - 1].name, e, e);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        fprintf(f, "%s,%s,%s,%s,ext-%s,%s,,,\n", units[i].id, units[i].kind, units[i].name,
                units[i].place, units[i].id, units[i].roles);
    close_file(f);
}

/* Of residents: some of it expires while we look. */
static void write_own(struct month *m, FILE *f)
{
    static const char *const rows[] = {"tools,打气筒,1,个,lend,building",
                                       "tools,人字梯;梯子,1,把,lend,estate",
                                       "tools,冲击钻;电钻,1,把,lend,estate",
                                       "baby,婴儿推车,1,辆,lend,grid",
                                       "goods,折叠床,2,张,lend,estate",
                                       "tutoring,辅导作业;物理辅导,2,人,help,grid",
                                       "repair,修电脑;装系统,1,次,help,community",
                                       "pets,喂猫;遛狗,2,次,help,estate",
                                       NULL};
    static const char *const ends[] = {"2030-12-31", "2026-09-12", "2026-09-20", "2026-10-05",
                                       NULL};
    for (int i = 0, n = 0; i < PEOPLE && n < 60; i++) {
        const struct resident *r = &m->town.people[i];
        if (r->party[0] && !any(m, 20))
            fprintf(f, "s-own%d,%s,%s,,%s,\n", ++n, r->party, pick(m, rows), pick(m, ends));
    }
}

static void write_resources(struct month *m, const char *folder)
{
    FILE *f = file_in(folder, "resources.csv",
                      "id,party,category,items,capacity,unit,mode,scope,hours,expires,notes");
    for (size_t i = 0; i < sizeof standing / sizeof *standing; i++)
        fprintf(f, "%s\n", standing[i]);
    for (int e = 1; e <= ESTATES; e++)
        fprintf(
            f,
            "s-pm%d-1,p-pm%d,tools,平板推车;手推车;小推车,2,辆,lend,estate,,2030-12-31,当日归还\n"
            "s-pm%d-2,p-pm%d,tools,人字梯;梯子,1,把,lend,estate,,2030-12-31,\n"
            "s-pm%d-3,p-pm%d,repair,换灯泡;修水龙头;通下水道,3,次,paid,estate,mon-sun "
            "08:00-20:00,2030-12-31,材料另算\n"
            "s-pm%d-4,p-pm%d,space,活动室;会议室,1,间,lend,estate,,2030-12-31,提前登记\n",
            e, e, e, e, e, e, e, e);
    write_own(m, f);
    close_file(f);
}

static void write_holidays(const char *folder)
{
    FILE *f = file_in(folder, "holidays.csv", "date,kind,name");
    for (int day = 25; day <= 27; day++)
        fprintf(f, "2026-09-%d,holiday,中秋节\n", day);
    for (int day = 1; day <= 7; day++)
        fprintf(f, "2026-10-%02d,holiday,国庆节\n", day);
    close_file(f);
}

void town_build(struct month *m)
{
    char folder[] = "/tmp/linli-month-XXXXXX", path[128];
    static const char *const files[] = {"places.csv", "groups.csv", "parties.csv", "resources.csv",
                                        "holidays.csv"};
    if (!mkdtemp(folder))
        fail_msg("there is no room for a temporary folder");
    write_places(m, folder);
    write_parties(m, folder);
    write_resources(m, folder);
    write_holidays(folder);
    world_import(&m->w, folder);
    for (int i = 0; i < 5; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        unlink(path);
    }
    rmdir(folder);
}

/* Somebody of the building, or of the estate; in a while one is found. */
int town_neighbour(struct month *m, int group, int but)
{
    const struct town *t = &m->town;
    const struct chat_group *g = &t->groups[group];
    for (;;) {
        int i = (int)any(m, PEOPLE);
        const struct building *b = &t->buildings[t->people[i].building];
        if (i != but && (g->building < 0 ? b->estate == g->estate : b->group == group))
            return i;
    }
}
