#include "codec/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "codec/json.h"
#include "codec/object.h"
#include "model/check.h"
#include "model/column.h"

#define PLACES "id,kind,parent,name,aliases\nc,community,,社区,\n"

static const char *const names[] = {"places.csv", "groups.csv", "parties.csv", "resources.csv",
                                    "holidays.csv"};
enum { FILES = 5 };
struct folder {
    const char *text[FILES]; /* NULL: no such file */
};

static void remove_folder(const char *folder)
{
    char path[80];
    for (int i = 0; i < FILES; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(folder), 0); /* nothing else was left there */
}

static void write_texts(const char *folder, const struct folder *f)
{
    char path[80];
    for (int i = 0; i < FILES; i++) {
        if (!f->text[i])
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(f->text[i], file);
        fclose(file);
    }
}

/* Written to a folder of its own, read, and removed. */
static enum err read_folder(const struct folder *f, struct directory *d, struct buf *faults,
                            struct errbuf *eb)
{
    char folder[] = "/tmp/linli-folder-XXXXXX";
    assert_non_null(mkdtemp(folder));
    write_texts(folder, f);
    enum err e = folder_read(folder, d, faults, eb);
    remove_folder(folder);
    return e;
}

/* What groups may not read here: figures. */
static size_t stars(struct str text, char *out, size_t size)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n && n + 1 < size; i++)
        out[n++] = text.p[i] >= '0' && text.p[i] <= '9' && text.n > 9 ? '*' : text.p[i];
    out[n] = 0;
    return n;
}

static bool is_generic(const char *name)
{
    return !strcmp(name, "generic");
}

static enum err check_folder(const struct folder *f, const struct directory *known,
                             struct directory *d, struct buf *faults)
{
    char folder[] = "/tmp/linli-folder-XXXXXX";
    int64_t now;
    assert_non_null(mkdtemp(folder));
    write_texts(folder, f);
    assert_true(time_parse(STR("2026-11-23T08:00:00+08:00"), &now, NULL));
    const struct check_against against = {
        .known = known, .now_ms = now, .mask = stars, .is_connector = is_generic};
    enum err e = folder_check(folder, &against, d, faults, NULL);
    remove_folder(folder);
    return e;
}

static const struct folder whole = {
    {PLACES "b3,building,c,\"3栋, 北\",三栋; 3号楼 ;\n",
     "id,connector,bot,external_id,place,name\n"
     "g,generic,bot,x-1,b3,\"3栋\"\"群\"\"\"\n",
     "id,kind,name,place,external_ids,roles,tags,availability,monthly_limit\n"
     "p1,resident,张三,b3,u1;u2,volunteer,,mon-fri 09:00-17:00;sat 09:00-12:00,2\n"
     "p2,unit,卫生站,c,,clinic,,,\n",
     "\xef\xbb\xbfid,party,category,items,capacity,unit,mode,scope,hours,expires,notes\r\n"
     "r1,p2,device,轮椅;拐杖,2.5,台,lend,community,mon-sun 08:00-18:00,2027-06-30,\"两\n行\"\r\n"
     "r2,p1,tools,梯子,,,,building,,,\r\n"}};

static void a_whole_folder_is_read(void **state)
{
    struct directory d;
    struct buf faults;
    struct errbuf eb = {.text = ""};
    (void)state;
    buf_init(&faults);
    if (read_folder(&whole, &d, &faults, &eb))
        fail_msg("%s: %s", eb.text, buf_z_borrow(&faults));
    assert_int_equal(d.n_places, 2);
    assert_string_equal(d.places[1]->name, "3栋, 北");
    assert_string_equal(d.places[1]->community, "c");
    assert_int_equal(d.places[1]->aliases.n, 2);
    assert_string_equal(d.places[1]->aliases.v[1], "3号楼");
    assert_string_equal(d.groups[0]->name, "3栋\"群\"");
    assert_int_equal(d.parties[0]->external_ids.n, 2);
    assert_int_equal(d.parties[0]->availability.n, 2);
    assert_int_equal(d.parties[0]->monthly_limit, 2);
    assert_int_equal(d.parties[1]->monthly_limit, -1);
    assert_true(d.resources[0]->capacity > 2.4 && d.resources[0]->capacity < 2.6);
    assert_true(d.resources[1]->capacity > 0.9 && d.resources[1]->capacity < 1.1);
    assert_string_equal(d.resources[0]->notes, "两\n行");
    assert_int_equal(d.resources[1]->scope, PLACE_BUILDING);
    struct civil end = civil_of_ms(d.resources[0]->expires_ms, 480);
    assert_int_equal(end.year * 10000 + end.month * 100 + end.day, 20270630);
    directory_deinit(&d);
    assert_int_equal(faults.n, 0);
    buf_deinit(&faults);
}

static void a_directory_reads_back_the_same(void **state)
{
    struct directory d, back;
    struct buf faults, first, second;
    struct errbuf eb = {.text = ""};
    (void)state;
    buf_init(&faults);
    buf_init(&first);
    buf_init(&second);
    assert_int_equal(read_folder(&whole, &d, &faults, &eb), ERR_OK);
    directory_encode(&d, &first);
    if (directory_decode(buf_str_borrow(&first), &back, &eb))
        fail_msg("%s: %s", eb.pointer, eb.text);
    directory_encode(&back, &second);
    assert_string_equal(buf_z_borrow(&first), buf_z_borrow(&second));
    directory_deinit(&d);
    directory_deinit(&back);
    buf_deinit(&faults);
    buf_deinit(&first);
    buf_deinit(&second);
}

static void every_fault_has_file_line_and_column(void **state)
{
    static const struct {
        int file;
        const char *text, *fault;
    } rows[] = {
        {0, PLACES "x,castle,c,X,\n", "places.csv:3:2: "},
        {0, PLACES ",building,c,X,\n", "places.csv:3:1: "},
        {0, PLACES "\n\nx,castle,c,X,\n", "places.csv:5:2: "},
        {0, "id,kind,parent,name,aliases\r\nc,community,,S,\r\n\r\nx,castle,c,X,\r\n",
         "places.csv:4:2: "},
        {0, PLACES "b,building,c,\"two\nlines\",\nx,castle,c,X,\n", "places.csv:5:2: "},
        {0, PLACES "b,building,c,\"no end,\nx,building,c,X,\n", "places.csv:3:"},
        {0, PLACES "b,building,c,x,y,z\n", "places.csv:3:6: "},
        {0, PLACES "b,building,c,\xb9\xfa,\n", "places.csv:3:"},
        {0, "kind,id\ncommunity,c\n", "places.csv:1:1: "},
        {0, "id,kind,kind,parent,name\nc,community,community,,\n", "places.csv:2:"},
        {1, "id,connector,bot,external_id,place,name\ng,generic,,x,c,N\n", "groups.csv:2:3: "},
        {1, "id,connector,bot,external_id,place,name\ng,generic,b,x,,N\n", "groups.csv:2:5: "},
        {2, "id,kind,name,place,monthly_limit\np,unit,N,c,many\n", "parties.csv:2:5: "},
        {2, "id,kind,name,place,monthly_limit\np,unit,N,c,-1\n", "parties.csv:2:5: "},
        {2, "id,kind,name,place,availability\np,unit,N,c,always\n", "parties.csv:2:5: "},
        {3, "id,party,category,items,capacity,scope\nr,p,tools,x,inf,estate\n",
         "resources.csv:2:5: "},
        {3, "id,party,category,items,capacity,scope\nr,p,tools,x,nan,estate\n",
         "resources.csv:2:5: "},
        {3, "id,party,category,items,capacity,scope\nr,p,gold,x,1,estate\n", "resources.csv:2:3: "},
        {3, "id,party,category,items,capacity,scope\nr,p,tools,x,1,planet\n",
         "resources.csv:2:6: "},
        {3, "id,party,category,items,scope,expires\nr,p,tools,x,estate,soon\n",
         "resources.csv:2:6: "},
        {4, "id,kind\n2027-02-17,holiday\n", "holidays.csv:1:1: "},
        {4, "date,kind,name\n2027-02-30,holiday,x\n", "holidays.csv:2:1: "},
        {4, "date,kind,name\n2027-2-17,holiday,x\n", "holidays.csv:2:1: "},
        {4, "date,kind,name\n,holiday,x\n", "holidays.csv:2:1: "},
        {4, "date,kind,name\n2027-02-17,off,x\n", "holidays.csv:2:2: "},
        {4, "date,name\n2027-02-17,x\n", "holidays.csv:1:3: "},
        {4, "date,kind,name\n2027-02-17,holiday,一二三四五六七八九十一二三四五六\n",
         "holidays.csv:2:3: "},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct folder f = {{PLACES}};
        struct directory d;
        struct buf faults;
        struct errbuf eb = {.text = ""};
        f.text[rows[i].file] = rows[i].text;
        buf_init(&faults);
        enum err e = read_folder(&f, &d, &faults, &eb);
        if (e != ERR_BAD_FIELD || !str_starts(buf_str_borrow(&faults), rows[i].fault))
            fail_msg("%s: error %d, faults \"%s\"", rows[i].fault, (int)e, buf_z_borrow(&faults));
        assert_int_equal(d.n_places, 0);
        buf_deinit(&faults);
    }
}

static void all_faults_are_told_not_the_first_alone(void **state)
{
    static const struct folder f = {
        {PLACES "x,castle,c,X,\ny,tower,c,Y,\n", NULL, "id,kind,name,place\np,ghost,N,c\n", NULL}};
    struct directory d;
    struct buf faults;
    (void)state;
    buf_init(&faults);
    assert_int_equal(read_folder(&f, &d, &faults, NULL), ERR_BAD_FIELD);
    assert_non_null(strstr(buf_z_borrow(&faults), "places.csv:3:2: "));
    assert_non_null(strstr(buf_z_borrow(&faults), "places.csv:4:2: "));
    assert_non_null(strstr(buf_z_borrow(&faults), "parties.csv:2:2: "));
    buf_deinit(&faults);
}

static void a_folder_needs_one_community(void **state)
{
    static const struct folder rows[] = {
        {{NULL, NULL, NULL, NULL}},
        {{"id,kind,parent,name,aliases\n", NULL, NULL, NULL}},
        {{"", NULL, NULL, NULL}},
        {{PLACES "c2,community,,Z,\n", NULL, NULL, NULL}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct directory d;
        struct buf faults;
        struct errbuf eb = {.text = ""};
        buf_init(&faults);
        assert_int_equal(read_folder(&rows[i], &d, &faults, &eb), ERR_BAD_FIELD);
        assert_true(eb.text[0] != 0);
        buf_deinit(&faults);
    }
}

static void faults_of_json_carry_their_pointer(void **state)
{
#define C "\"places\":[{\"id\":\"c\",\"kind\":\"community\"}]"
    static const struct {
        const char *json, *pointer;
    } rows[] = {
        {"[]", ""},
        {"{}", "/places"},
        {"{\"places\":{}}", ""},
        {"{\"places\":[1]}", "/places/0/"},
        {"{\"places\":[{\"id\":\"c\",\"kind\":\"community\"},{\"id\":7}]}", "/places/1/id"},
        {"{\"places\":[{\"id\":\"c\",\"kind\":\"castle\"}]}", "/places/0/kind"},
        {"{" C ",\"groups\":[{\"id\":\"g\",\"place\":\"c\",\"bot\":\"b\"}]}",
         "/groups/0/external_id"},
        {"{" C ",\"parties\":[{\"id\":\"p\",\"place\":\"c\",\"kind\":\"unit\",\"monthly_limit\":"
         "\"x\"}]}",
         "/parties/0/monthly_limit"},
        {"{" C ",\"resources\":[{\"id\":\"r\",\"party\":\"p\",\"category\":\"tools\",\"scope\":"
         "\"estate\",\"items\":[\"x\"],\"capacity\":-1}]}",
         "/resources/0/capacity"},
        {"{" C ",\"resources\":[{\"id\":\"0123456789012345678901234567890123456789012345678\"}]}",
         "/resources/0/id"},
        {"{" C ",\"holidays\":[{\"date\":\"2027-02-17\",\"kind\":\"day\"}]}", "/holidays/0/kind"},
        {"{" C ",\"holidays\":[{\"date\":\"soon\",\"kind\":\"holiday\"}]}", "/holidays/0/date"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct directory d;
        struct errbuf eb = {.text = ""};
        enum err e = directory_decode(str_of(rows[i].json), &d, &eb);
        if (e != ERR_BAD_FIELD || strcmp(eb.pointer, rows[i].pointer) != 0)
            fail_msg("%s: error %d at \"%s\" %s", rows[i].json, (int)e, eb.pointer, eb.text);
        assert_int_equal(d.n_places, 0);
    }
}

/* --- what the rows say of each other --- */

static const struct folder amiss = {
    {"id,kind,parent,name,aliases\n"
     "c,community,,社区,\n"
     "g1,grid,e1,一,\n"          /* 3 */
     "e1,estate,g1,二,\n"        /* 4: in a ring */
     "b1,building,nowhere,三,\n" /* 5 */
     "b1,building,c,四,\n"       /* 6: twice */
     "b2,castle,c,五,\n"         /* 7 */
     "b3,building,b2,六,\n"      /* 8: its parent is there, though at fault */
     "b4,building,,七,\n",       /* 9: nowhere */
     "id,connector,bot,external_id,place,name\n"
     "g,generic,bot,x,c,一\n"
     "h,generic,bot,x,b9,二\n", /* 3: the same chat, and nowhere */
     "id,kind,name,place,external_ids,do_not_contact,consent,colour\n"
     "p1,resident,甲,c,u1;u2,maybe,soon,red\n" /* 2: two faults of one row */
     "p2,resident,乙,b7,u2;u3,,\n"             /* 3 */
     "p3,resident,丙,c,u3;u4;u4,yes,yes\n",    /* 4 */
     "id,party,category,items,capacity,mode,scope,hours,expires\n"
     "r1,p1,tools,梯子,0,rent,estate,always,2026-11-01\n"
     "r2,p9,gold,梯子,1,lend,planet,,2026-11-01\n"
     "r3,p9,tools,,0,lend,estate,,2026-11-01\n",
     "date,kind,name\n"
     "2027-02-17,holiday,春节\n"
     "2027-02-17,workday,\n"
     "2027-02-20,workday,补班\n"}};

static void every_fault_of_a_folder_is_told_in_its_order(void **state)
{
    static const char told[] =
        "places.csv:3:3: g1 lies in itself\n"
        "places.csv:4:3: e1 lies in itself\n"
        "places.csv:5:3: there is no nowhere\n"
        "places.csv:6:1: b1 is there twice\n"
        "places.csv:7:2: is not street, community, grid, estate, building or entrance\n"
        "places.csv:9:3: it lies nowhere: name the place it is in\n"
        "groups.csv:3:4: it is the chat of g, too\n"
        "groups.csv:3:5: there is no b9\n"
        "parties.csv:1:8: note: this column is not known, and passed over\n"
        "parties.csv:2:6: is not yes or no\n"
        "parties.csv:2:7: is not yes, no or a date\n"
        "parties.csv:3:4: there is no b7\n"
        "parties.csv:3:5: u2 is a sender of p1, too\n"
        "parties.csv:4:5: u3 is a sender of p2, too\n"
        "parties.csv:4:5: u4 is there twice\n"
        "resources.csv:2:5: note: there is none of it\n"
        "resources.csv:2:6: note: is not give, lend, swap, paid or help: it is passed over\n"
        "resources.csv:2:8: is not like mon-fri 09:00-17:00\n"
        "resources.csv:2:9: note: it has expired, and is offered no more\n"
        "resources.csv:3:2: there is no p9\n"
        "resources.csv:3:3: is not a category of the label guide\n"
        "resources.csv:3:7: is not a kind of place\n"
        "resources.csv:3:9: note: it has expired, and is offered no more\n"
        "resources.csv:4:2: there is no p9\n"
        "resources.csv:4:4: it is nothing: name what there is\n"
        "resources.csv:4:5: note: there is none of it\n"
        "resources.csv:4:9: note: it has expired, and is offered no more\n"
        "holidays.csv:3:1: 2027-02-17 is there twice\n"
        "holidays.csv:3:2: note: it is no weekend: worked anyway\n";
    struct directory d;
    struct buf faults;
    (void)state;
    buf_init(&faults);
    assert_int_equal(check_folder(&amiss, NULL, &d, &faults), ERR_BAD_FIELD);
    assert_string_equal(buf_z_borrow(&faults), told);
    buf_deinit(&faults);
}

static void what_the_server_knows_need_not_be_in_the_folder(void **state)
{
    static const struct folder part = {
        {PLACES "b1,building,e1,一,\n", NULL,
         "id,kind,name,place,external_ids\np1,resident,甲,e1,u1\np2,resident,乙,c,u2\n",
         "id,party,category,items,scope\nr1,q,tools,梯子,estate\nr2,old,tools,梯子,estate\n"}};
    struct place e1 = {.id = "e1", .kind = PLACE_ESTATE, .parent = "c"}, *places[] = {&e1};
    char *u1[] = {"u1"}, *u2[] = {"u2"};
    struct party p1 = {.id = "p1", .external_ids = {u1, 1}}, /* the folder has it anew */
        q = {.id = "q", .external_ids = {u2, 1}}, old = {.id = "old", .merged_into = "q"};
    struct party *parties[] = {&p1, &q, &old};
    const struct directory known = {
        .places = places, .n_places = 1, .parties = parties, .n_parties = 3};
    struct directory d;
    struct buf faults;
    (void)state;
    buf_init(&faults);
    assert_int_equal(check_folder(&part, &known, &d, &faults), ERR_BAD_FIELD);
    assert_string_equal(buf_z_borrow(&faults), "parties.csv:3:5: u2 is a sender of q, too\n"
                                               "resources.csv:3:2: note: old was merged into q, "
                                               "and so is this\n");
    q.provenance = PROVENANCE_SEEN; /* and becomes p2 */
    buf_clear(&faults);
    assert_int_equal(check_folder(&part, &known, &d, &faults), ERR_OK);
    directory_deinit(&d);
    buf_deinit(&faults);
}

static void a_folder_from_before_a_merger_is_in_order(void **state)
{
    static const struct folder old = {{PLACES, NULL,
                                       "id,kind,name,place,external_ids\n"
                                       "p1,resident,甲,c,u1\np2,resident,乙,c,u2\n",
                                       "id,party,category,items,scope\nr1,p1,tools,梯子,estate\n",
                                       NULL}};
    char *both[] = {"u2", "u1"};
    struct party p1 = {.id = "p1", .merged_into = "p2"},
                 p2 = {.id = "p2", .external_ids = {both, 2}}, *parties[] = {&p1, &p2};
    const struct directory known = {.parties = parties, .n_parties = 2};
    struct directory d;
    struct buf faults;
    (void)state;
    buf_init(&faults);
    assert_int_equal(check_folder(&old, &known, &d, &faults), ERR_OK);
    assert_string_equal(buf_z_borrow(&faults),
                        "parties.csv:2:1: note: p1 was merged into p2: this row is passed over\n"
                        "resources.csv:2:2: note: p1 was merged into p2, and so is this\n");
    directory_deinit(&d);
    buf_deinit(&faults);
}

static void notes_refuse_nothing(void **state)
{
    static const struct folder f = {
        {PLACES, NULL, "id,kind,name,place,mood\np,unit,店,c,good\n",
         "id,party,category,items,scope,expires\nr,p,tools,梯子,estate,2026-01-01\n"}};
    struct directory d;
    struct buf faults;
    (void)state;
    buf_init(&faults);
    assert_int_equal(check_folder(&f, NULL, &d, &faults), ERR_OK);
    assert_string_equal(buf_z_borrow(&faults),
                        "parties.csv:1:5: note: this column is not known, and passed over\n"
                        "resources.csv:2:6: note: it has expired, and is offered no more\n");
    assert_int_equal(d.n_resources, 1);
    directory_deinit(&d);
    buf_deinit(&faults);
}

static void a_place_lies_in_a_wider_one_of_its_community(void **state)
{
    static const struct folder f = {{"id,kind,parent,name,aliases\n"
                                     "st,street,,街,\n"
                                     "c,community,st,社区,\n"
                                     "b1,building,,一,\n"    /* 4 */
                                     "n1,entrance,st,二,\n"  /* 5 */
                                     "g1,grid,b2,三,\n"      /* 6 */
                                     "b2,building,b1,四,\n"  /* 7 */
                                     "n2,entrance,b2,五,\n", /* in order */
                                     NULL, NULL, NULL, NULL}};
    struct directory d;
    struct buf faults;
    (void)state;
    buf_init(&faults);
    assert_int_equal(check_folder(&f, NULL, &d, &faults), ERR_BAD_FIELD);
    assert_string_equal(
        buf_z_borrow(&faults),
        "places.csv:4:3: it lies nowhere: name the place it is in\n"
        "places.csv:5:3: st is a street: name the place of the community that the entrance lies "
        "in\n"
        "places.csv:6:3: b2 is of kind building, and no grid lies in one\n"
        "places.csv:7:3: b1 is of kind building, and no building lies in one\n");
    buf_deinit(&faults);
}

static void a_file_says_what_it_cannot_do_without(void **state)
{
    static const struct folder f = {{PLACES, "id,connector,bot,external_id,place\ng,zzz,b,x,c\n",
                                     "id,kind,place\np,unit,c\n",
                                     "id,party,category,items,scope\nr,p,tools,,estate\n"
                                     "s,p,tools,;,estate\n",
                                     NULL}};
    struct directory d;
    struct buf faults;
    (void)state;
    buf_init(&faults);
    assert_int_equal(check_folder(&f, NULL, &d, &faults), ERR_BAD_FIELD);
    assert_string_equal(
        buf_z_borrow(&faults),
        "groups.csv:2:2: there is no connector zzz: generic fits every bot\n"
        "parties.csv:1:4: there is no column `name`, and the rows would lose theirs: name it here, "
        "and leave its cells empty where there is nothing to say\n"
        "resources.csv:2:4: it is nothing: name what there is\n"
        "resources.csv:3:4: it is nothing: name what there is\n");
    buf_deinit(&faults);
}

static void what_no_group_may_read_is_noted(void **state)
{
    static const struct folder f = {
        {PLACES "b,building,c,一栋13800138000,\n", NULL,
         "id,kind,name,place\np,unit,店13800138001,c\n",
         "id,party,category,items,scope,notes\nr,p,tools,梯子;泵13800138002,estate,13800138003\n",
         NULL}};
    struct directory d;
    struct buf faults;
    (void)state;
    buf_init(&faults);
    assert_int_equal(check_folder(&f, NULL, &d, &faults), ERR_OK);
    assert_string_equal(buf_z_borrow(&faults),
                        "places.csv:3:4: note: no group may read a contact or a room: it is shown "
                        "as 一栋***********; take it out\n"
                        "parties.csv:2:3: note: no group may read a contact or a room: it is shown "
                        "as 店***********; take it out\n"
                        "resources.csv:2:4: note: no group may read a contact or a room: it is "
                        "shown as 泵***********; take it out, or write it into notes\n");
    directory_deinit(&d);
    buf_deinit(&faults);
}

/* --- writing --- */

static uint64_t seed = 7;

static unsigned any(unsigned below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed >> 20) % below;
}

/* What wants care in a file; never a blank at an end. */
static char *any_cell(bool in_list)
{
    static const char *const bits[] = {"a",  ",",  "\"", "\"\"", "\n", "\r\n", "\r",
                                       "你", "; ", "'",  "=1",   " ",  "\t",   "\xef\xbb\xbf"};
    struct buf out;
    buf_init(&out);
    for (unsigned n = any(7); n > 0; n--) {
        const char *bit = bits[any(sizeof bits / sizeof *bits)];
        if (!in_list || bit[0] != ';')
            buf_add_z(&out, bit);
    }
    struct str s = str_trim(buf_str_borrow(&out));
    char *cell = s.n ? mem_dup_str(s) : in_list ? mem_dup("x") : NULL;
    buf_deinit(&out);
    return cell;
}

static void any_list(struct strs *l)
{
    for (unsigned n = any(4); n > 0; n--) {
        char *one = any_cell(true);
        strs_add(l, str_of(one));
        free(one);
    }
}

static void any_id(char id[ID_SIZE], char letter, int i)
{
    snprintf(id, ID_SIZE, "%c%d%s", letter, i, any(3) ? "" : ",\"");
}

static void add_any_party(struct directory *d, int i)
{
    struct party *p = NEW(struct party);
    any_id(p->id, 'p', i);
    str_copy(p->place, ID_SIZE, STR("c"));
    p->kind = (enum party_kind)any(PARTY_KIND_N);
    p->name = any_cell(false);
    any_list(&p->external_ids);
    any_list(&p->roles);
    any_list(&p->tags);
    p->monthly_limit = (int)any(4) - 1;
    p->do_not_contact = any(2);
    str_copy(p->consent, sizeof p->consent,
             str_of(((const char *[]){"", "yes", "no", "2026-10-01"})[any(4)]));
    if (any(2))
        assert_true(hours_parse(STR("mon-fri 09:00-17:30; sat 10:00-24:00"), &p->availability));
    d->parties = mem_grow(d->parties, (size_t)d->n_parties + 1, sizeof *d->parties);
    d->parties[d->n_parties++] = p;
}

static void add_any_resource(struct directory *d, int i)
{
    static const double amounts[] = {0, 1, 2.5, 0.1, 1e9, 3.141592653589793, 123456789.125};
    struct resource *r = NEW(struct resource);
    any_id(r->id, 'r', i);
    str_copy(r->party, ID_SIZE, str_of(d->parties[any((unsigned)d->n_parties)]->id));
    r->category = (enum category)(1 + any(CATEGORY_N - 1));
    any_list(&r->items);
    strs_add(&r->items, STR("x"));
    r->capacity = amounts[any(sizeof amounts / sizeof *amounts)];
    r->unit = any_cell(false);
    r->notes = any_cell(false);
    r->mode = (enum mode)any(MODE_N);
    r->scope = (enum place_kind)any(PLACE_KIND_N);
    if (any(2))
        assert_true(time_parse(STR("2027-02-28T23:59:59+08:00"), &r->expires_ms, NULL));
    d->resources = mem_grow(d->resources, (size_t)d->n_resources + 1, sizeof *d->resources);
    d->resources[d->n_resources++] = r;
}

static void add_any_holiday(struct directory *d, int i)
{
    struct holiday *h = NEW(struct holiday);
    snprintf(h->id, sizeof h->id, "2027-%02d-%02d", 1 + i, 1 + (int)any(28));
    h->kind = (enum holiday_kind)any(HOLIDAY_KIND_N);
    if (any(2))
        str_copy(h->name, sizeof h->name, STR("除夕, \"春节\""));
    d->holidays = mem_grow(d->holidays, (size_t)d->n_holidays + 1, sizeof *d->holidays);
    d->holidays[d->n_holidays++] = h;
}

static void any_directory(struct directory *d)
{
    struct place *c = NEW(struct place);
    struct group *g = NEW(struct group);
    *d = (struct directory){0};
    str_copy(c->id, ID_SIZE, STR("c"));
    c->kind = PLACE_COMMUNITY;
    c->name = any_cell(false);
    any_list(&c->aliases);
    d->places = mem_grow(NULL, 1, sizeof *d->places);
    d->places[d->n_places++] = c;
    any_id(g->id, 'g', 1);
    str_copy(g->place, ID_SIZE, STR("c"));
    g->bot = mem_dup("b,1");
    g->external_id = mem_dup("x\"1");
    g->name = any_cell(false);
    d->groups = mem_grow(NULL, 1, sizeof *d->groups);
    d->groups[d->n_groups++] = g;
    for (int i = 0; i < 5; i++)
        add_any_party(d, i);
    for (int i = 0; i < 5; i++)
        add_any_resource(d, i);
    for (int i = 0; i < 5; i++)
        add_any_holiday(d, i);
}

static void same_rows(enum object_kind kind, const void *const *a, const void *const *b, int n)
{
    for (int i = 0; i < n; i++)
        for (const struct column *c = columns_of(kind); c->name; c++) {
            struct buf x, y;
            buf_init(&x);
            buf_init(&y);
            column_print(c, a[i], &x);
            column_print(c, b[i], &y);
            assert_string_equal(buf_z_borrow(&x), buf_z_borrow(&y));
            buf_deinit(&x);
            buf_deinit(&y);
        }
}

static void what_is_written_reads_as_it_was(void **state)
{
    (void)state;
    for (int turn = 0; turn < 300; turn++) {
        char folder[] = "/tmp/linli-folder-XXXXXX";
        struct directory d, back;
        struct buf faults;
        struct errbuf eb = {.text = ""};
        any_directory(&d);
        assert_non_null(mkdtemp(folder));
        assert_int_equal(folder_write(folder, &d, &eb), ERR_OK);
        buf_init(&faults);
        if (folder_read(folder, &back, &faults, &eb))
            fail_msg("turn %d: %s%s", turn, buf_z_borrow(&faults), eb.text);
        assert_int_equal(faults.n, 0);
        assert_int_equal(back.n_parties, d.n_parties);
        assert_int_equal(back.n_resources, d.n_resources);
        same_rows(OBJECT_PLACE, (const void *const *)d.places, (const void *const *)back.places, 1);
        same_rows(OBJECT_GROUP, (const void *const *)d.groups, (const void *const *)back.groups, 1);
        same_rows(OBJECT_PARTY, (const void *const *)d.parties, (const void *const *)back.parties,
                  d.n_parties);
        same_rows(OBJECT_RESOURCE, (const void *const *)d.resources,
                  (const void *const *)back.resources, d.n_resources);
        assert_int_equal(back.n_holidays, d.n_holidays);
        same_rows(OBJECT_HOLIDAY, (const void *const *)d.holidays,
                  (const void *const *)back.holidays, d.n_holidays);
        remove_folder(folder);
        directory_deinit(&d);
        directory_deinit(&back);
        buf_deinit(&faults);
    }
}

static void the_sample_is_written_as_it_lies_there(void **state)
{
    const struct check_against by_itself = {.now_ms = 1};
    struct directory d, back;
    struct buf faults;
    char folder[] = "/tmp/linli-folder-XXXXXX";
    (void)state;
    buf_init(&faults);
    assert_int_equal(folder_check("deploy/sample", &by_itself, &d, &faults, NULL), ERR_OK);
    assert_string_equal(buf_z_borrow(&faults), "");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(folder_write(folder, &d, NULL), ERR_OK);
    assert_int_equal(folder_read(folder, &back, &faults, NULL), ERR_OK);
    for (int i = 0; i < d.n_parties; i++)
        assert_true(rows_are_same(OBJECT_PARTY, d.parties[i], back.parties[i]));
    d.parties[0]->do_not_contact = true;
    assert_false(rows_are_same(OBJECT_PARTY, d.parties[0], back.parties[0]));
    remove_folder(folder);
    directory_deinit(&d);
    directory_deinit(&back);
    buf_deinit(&faults);
}

/* Who was merely seen comes by themselves, too. */
static void a_party_that_was_merged_is_not_written(void **state)
{
    struct directory d, back;
    struct buf faults;
    char folder[] = "/tmp/linli-folder-XXXXXX";
    (void)state;
    any_directory(&d);
    str_copy(d.parties[2]->merged_into, ID_SIZE, str_of(d.parties[0]->id));
    d.parties[3]->provenance = PROVENANCE_SEEN;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(folder_write(folder, &d, NULL), ERR_OK);
    buf_init(&faults);
    assert_int_equal(folder_read(folder, &back, &faults, NULL), ERR_OK);
    assert_int_equal(back.n_parties, 3);
    remove_folder(folder);
    directory_deinit(&d);
    directory_deinit(&back);
    buf_deinit(&faults);
}

/* --- one row --- */

static enum err decode_row(enum object_kind kind, const void *base, const char *json,
                           struct directory *d, struct errbuf *eb)
{
    struct json_doc *doc;
    *eb = (struct errbuf){.text = ""};
    assert_int_equal(json_parse(str_of(json), &doc, eb), ERR_OK);
    enum err e = directory_decode_row(kind, "c", "p-1", base, json_root(doc), d, eb);
    json_doc_free(&doc);
    return e;
}

static void one_row_is_put_whole_or_in_part(void **state)
{
    struct directory d, patched;
    struct errbuf eb;
    (void)state;
    assert_int_equal(
        decode_row(OBJECT_PARTY, NULL,
                   "{\"kind\":\"resident\",\"name\":\"甲\",\"place\":\"b\",\"tags\":[\"志愿者\"],"
                   "\"monthly_limit\":0,\"availability\":\"sat 09:00-12:00\",\"helped\":9}",
                   &d, &eb),
        ERR_OK);
    struct party *p = d.parties[0];
    assert_string_equal(p->id, "p-1");
    assert_string_equal(p->community, "c");
    p->helped = 3;
    p->version = 8;
    assert_int_equal(
        decode_row(OBJECT_PARTY, p,
                   "{\"tags\":[\"双报到\",\"电工\"],\"monthly_limit\":null,\"consent\":\"no\","
                   "\"helped\":0,\"version\":1,\"merged_into\":\"x\",\"community\":\"d\"}",
                   &patched, &eb),
        ERR_OK);
    const struct party *q = patched.parties[0];
    assert_string_equal(q->name, "甲");
    assert_int_equal(q->tags.n, 2);
    assert_string_equal(q->tags.v[0], "双报到");
    assert_int_equal(q->monthly_limit, -1);
    assert_int_equal(q->availability.n, 1);
    assert_string_equal(q->consent, "no");
    assert_string_equal(q->merged_into, "");
    assert_string_equal(q->community, "c");
    assert_int_equal(q->helped, 3);
    directory_deinit(&d);
    directory_deinit(&patched);
}

static void faults_of_one_row_carry_their_pointer(void **state)
{
    static const struct {
        bool part;
        const char *json, *pointer;
    } rows[] = {
        {false, "{\"kind\":\"resident\"}", "/place"},
        {false, "{\"place\":\"b\"}", "/kind"},
        {false, "{\"id\":\"p-2\",\"kind\":\"resident\",\"place\":\"b\"}", "/id"},
        {true, "{\"kind\":\"castle\"}", "/kind"},
        {true, "{\"kind\":null}", "/kind"},
        {true, "{\"place\":null}", "/place"},
        {true, "{\"name\":\" x\"}", "/name"},
        {true, "{\"name\":7}", "/name"},
        {true, "{\"tags\":[\"a;b\"]}", "/tags"},
        {true, "{\"tags\":[\"\"]}", "/tags"},
        {true, "{\"tags\":\"a\"}", "/tags"},
        {true, "{\"monthly_limit\":1.5}", "/monthly_limit"},
        {true, "{\"do_not_contact\":\"yes\"}", "/do_not_contact"},
        {true, "{\"consent\":\"2026-13-01\"}", "/consent"},
        {true, "{\"availability\":\"always\"}", "/availability"},
    };
    struct party base = {.id = "p-1", .place = "b", .monthly_limit = -1};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct directory d;
        struct errbuf eb;
        enum err e = decode_row(OBJECT_PARTY, rows[i].part ? &base : NULL, rows[i].json, &d, &eb);
        if (e != ERR_BAD_FIELD || strcmp(eb.pointer, rows[i].pointer) != 0)
            fail_msg("%s: error %d at \"%s\" %s", rows[i].json, (int)e, eb.pointer, eb.text);
        assert_int_equal(d.n_parties, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_folder_is_read),
        cmocka_unit_test(a_directory_reads_back_the_same),
        cmocka_unit_test(every_fault_has_file_line_and_column),
        cmocka_unit_test(all_faults_are_told_not_the_first_alone),
        cmocka_unit_test(a_folder_needs_one_community),
        cmocka_unit_test(faults_of_json_carry_their_pointer),
        cmocka_unit_test(every_fault_of_a_folder_is_told_in_its_order),
        cmocka_unit_test(a_folder_from_before_a_merger_is_in_order),
        cmocka_unit_test(a_place_lies_in_a_wider_one_of_its_community),
        cmocka_unit_test(a_file_says_what_it_cannot_do_without),
        cmocka_unit_test(what_no_group_may_read_is_noted),
        cmocka_unit_test(what_the_server_knows_need_not_be_in_the_folder),
        cmocka_unit_test(notes_refuse_nothing),
        cmocka_unit_test(what_is_written_reads_as_it_was),
        cmocka_unit_test(the_sample_is_written_as_it_lies_there),
        cmocka_unit_test(a_party_that_was_merged_is_not_written),
        cmocka_unit_test(one_row_is_put_whole_or_in_part),
        cmocka_unit_test(faults_of_one_row_carry_their_pointer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
