#include "codec/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"

#define PLACES "id,kind,parent,name,aliases\nc,community,,社区,\n"

static const char *const names[] = {"places.csv", "groups.csv", "parties.csv", "resources.csv"};
enum { FILES = 4 };
struct folder {
    const char *text[FILES]; /* NULL: no such file */
};

/* Written to a folder of its own, read, and removed. */
static enum err read_folder(const struct folder *f, struct directory *d, struct buf *faults,
                            struct errbuf *eb)
{
    char folder[] = "/tmp/linli-folder-XXXXXX", path[80];
    assert_non_null(mkdtemp(folder));
    for (int i = 0; i < FILES; i++) {
        if (!f->text[i])
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(f->text[i], file);
        fclose(file);
    }
    enum err e = folder_read(folder, d, faults, eb);
    for (int i = 0; i < FILES; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
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
        {0, "id,kind,kind\nc,community,community\n", "places.csv:2:"},
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
        {3, "id,party,category,scope,expires\nr,p,tools,estate,soon\n", "resources.csv:2:5: "},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct folder f = {{PLACES, NULL, NULL, NULL}};
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
         "\"estate\",\"capacity\":-1}]}",
         "/resources/0/capacity"},
        {"{" C ",\"resources\":[{\"id\":\"0123456789012345678901234567890123456789012345678\"}]}",
         "/resources/0/id"},
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_folder_is_read),
        cmocka_unit_test(a_directory_reads_back_the_same),
        cmocka_unit_test(every_fault_has_file_line_and_column),
        cmocka_unit_test(all_faults_are_told_not_the_first_alone),
        cmocka_unit_test(a_folder_needs_one_community),
        cmocka_unit_test(faults_of_json_carry_their_pointer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
