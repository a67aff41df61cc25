/* What happens to people's messages, on the sample community and a clock that is set by hand. */
#include "flow/core_day.h"

#define EDIT(...)                                                                                  \
    .edit = &(const struct post_edit)                                                              \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define FEVER "孩子发烧了，家里没有退烧药，谁家有退烧药应急"
#define DRILL "我家有把冲击钻，这几天不用，要打孔的邻居可以拿去用"

/* --- finding each other --- */

static const struct step an_offer_and_a_request_meet_over_two_groups_steps[] = {
    {"08:00:00", SAY("m1", "g-5", "n115", DRILL), .tells = "offer m1"},
    {"08:01:00", SAY("m2", "g-5", "n114", "早上好"), .tells = ""},
    {"08:02:00", SAY("m3", "g-2", "n128", "谁家有冲击钻借用一下"),
     .tells = "request m3, m3+m1 proposed auto, m3+m1 approved"},
    {"08:03:59", WAIT, .tells = ""}, /* neighbours may answer first */
    {"08:04:00", WAIT, .tells = "post g-2, post g-5"},
    {"08:05:00", DELIVER(DONE), .tells = "post delivered, m3+m1 posted"},
    {"08:10:00", SAY("m6", "g-2", "n128", "好的"), .tells = ""}, /* the helper is still asked */
    {"08:20:00", SAY("m4", "g-5", "n115", "好的"), .tells = "m3+m1 agreed"},
    {"12:00:00", SAY("m5", "g-2", "n128", "冲击钻借到了，谢谢"),
     .tells = "post g-2, m3+m1 fulfilled, met m3 by m5"},
};
SCENARIO(an_offer_and_a_request_meet_over_two_groups)

static const struct step a_request_finds_a_resource_that_is_lent_to_one_at_a_time_steps[] = {
    {"08:00:00", SAY("m1", "g-6", "n117", "谁家有人字梯借用一下"),
     .tells = "request m1, m1+r-2 proposed auto, m1+r-2 approved"},
    {"08:01:00", SAY("m2", "g-7", "n120", "求人字梯一把，用完就还"), .tells = "request m2"},
    {"08:01:30", SAY("m3", "g-6", "n117", "不用了，找到了"),
     .tells =
         "post cancelled, post cancelled, m1+r-2 lapsed, withdrawn m1 by m3, m2+r-2 proposed auto, "
         "m2+r-2 approved"},
    {"08:10:00", SAY("m4", "g-5", "n131", "谁家有人字梯借我用一下"),
     .tells = "post g-7, post g-31, request m4"},
};
SCENARIO(a_request_finds_a_resource_that_is_lent_to_one_at_a_time)

static const struct step an_offer_of_two_serves_two_requests_and_no_third_steps[] = {
    {"08:00:00", SAY("m1", "g-2", "n106", "明早七点开车去机场，车上有两个空位，要搭车的说"),
     .tells = "offer m1"},
    {"08:10:00", SAY("m2", "g-4", "n113", "明早想搭车去机场，有没有顺路的邻居"),
     .tells = "request m2, m2+m1 proposed auto, m2+m1 approved"},
    {"08:11:00", SAY("m3", "g-5", "n131", "明早去机场，想拼车，有顺路的吗"),
     .tells = "request m3, m3+m1 proposed auto, m3+m1 approved"},
    {"08:11:30", SAY("m4", "g-6", "n125", "有没有邻居明早去机场，捎我一个"), .tells = "request m4"},
};
SCENARIO(an_offer_of_two_serves_two_requests_and_no_third)

static const struct step nobody_is_matched_with_themselves_or_another_size_steps[] = {
    {"08:00:00", SAY("m1", "g-5", "n114", DRILL), .tells = "offer m1"},
    {"08:10:00", SAY("m2", "g-31", "n114", "谁家有冲击钻借用一下"), .tells = "request m2"},
    {"08:11:00", SAY("s1", "g-7", "n914", "我有个吉他可以借给大家用"), .tells = "offer s1"},
    {"08:12:00", SAY("s2", "g-31", "n914", "谁家有吉他借用一下"), .tells = "request s2"},
    {"08:20:00", SAY("m3", "g-5", "n114", "闲置24寸的行李箱一个，免费送"), .tells = "offer m3"},
    {"08:30:00", SAY("m4", "g-31", "n118", "谁家有20寸的行李箱借用一下"), .tells = "request m4"},
    {"08:31:00", SAY("m5", "g-2", "n128", "谁家有24寸的行李箱借用一下"),
     .tells = "request m5, m5+m3 proposed auto, m5+m3 approved"},
};
SCENARIO(nobody_is_matched_with_themselves_or_another_size)

static const struct step an_accessory_goes_with_its_device_steps[] = {
    {"08:00:00", SAY("m1", "g-5", "n114", "电动车充电器闲置，可以借给大家用"), .tells = "offer m1"},
    {"08:10:00", SAY("m2", "g-3", "n109", "谁家有手机充电器借用一下"), .tells = "request m2"},
    {"08:20:00", SAY("m3", "g-3", "n110", "谁家有电动车充电器借用一下"),
     .tells = "request m3, m3+m1 proposed auto, m3+m1 approved"},
};
SCENARIO(an_accessory_goes_with_its_device)

/* A card is no key, a duck no cord; and two things that one person found are two posts. */
static const struct step what_was_found_is_what_was_lost_steps[] = {
    {"08:00:00", SAY("m1", "g-2", "n905", "我丢了一串钥匙，上面有根红绳，谁捡到了告诉我一声"),
     .tells = "request m1"},
    {"08:10:00", SAY("m2", "g-31", "n909", "捡到一张门禁卡，白色的，贴了个小黄鸭，丢的人来认领"),
     .tells = "offer m2"},
    {"08:10:30", SAY("m3", "g-31", "n909", "捡到一串钥匙，挂着个小黄鸭，丢的人来认领"),
     .tells = "offer m3"},
    {"08:20:00", SAY("m4", "g-2", "n128", "丢了一个助听器，谁捡到了说一声"), .tells = "request m4"},
    {"08:30:00", SAY("m5", "g-3", "n110", "捡到一个暖手宝，失主来认领"), .tells = "offer m5"},
    {"08:40:00", SAY("m6", "g-31", "n128", "在花坛边捡到一串钥匙，有根红绳，失主来认领"),
     .tells = "offer m6, m1+m6 proposed auto, m1+m6 approved"},
    {"08:50:00", SAY("m7", "g-5", "n114", "捡到一个助听器，失主来认领"),
     .tells = "post g-2, post g-31, offer m7, m4+m7 proposed auto, m4+m7 approved"},
};
SCENARIO(what_was_found_is_what_was_lost)

/* --- what neighbours settle by themselves --- */

static const struct step a_claim_goes_to_what_it_quotes_steps[] = {
    {"08:00:00", SAY("m1", "g-3", "n108", "谁家有血压计借用一下"),
     .tells = "request m1, m1+r-9 proposed auto, m1+r-9 approved"},
    {"08:00:10", SAY("m2", "g-3", "n109", "谁家有吉他借用一下"), .tells = "request m2"},
    {"08:00:40", SAY("m3", "g-3", "n110", "我有，来拿吧", .reply_to = "m1"),
     .tells = "post cancelled, m1+r-9 lapsed, m1+m3 proposed self, m1+m3 agreed"},
};
SCENARIO(a_claim_goes_to_what_it_quotes)

static const struct step what_may_have_expired_is_no_match_steps[] = {
    {"08:00:00", SAY("m1", "g-3", "n108", FEVER),
     .tells = "request m1, m1+r-11 proposed review, m1+r-11 in_review"},
    {"08:00:40", SAY("m2", "g-3", "n110", "我有一盒，不知道过期没有，给你", .reply_to = "m1"),
     .tells = ""},
    {"08:01:40", SAY("m3", "g-3", "n129", "我有一盒没过期的，给你送来", .reply_to = "m1"),
     .tells = "m1+r-11 lapsed, m1+m3 proposed self, m1+m3 agreed"},
};
SCENARIO(what_may_have_expired_is_no_match)

static const struct step who_is_turned_down_leaves_the_request_open_steps[] = {
    {"08:00:00", SAY("m1", "g-3", "n108", "谁家有吉他借用一下"), .tells = "request m1"},
    {"08:00:40", SAY("m2", "g-3", "n110", "我有，来拿吧", .reply_to = "m1"),
     .tells = "m1+m2 proposed self, m1+m2 agreed"},
    {"08:01:40", SAY("m3", "g-3", "n108", "你那把太小了不合适，谢谢", .reply_to = "m2"),
     .tells = "m1+m2 declined"},
    {"08:02:40", SAY("m4", "g-3", "n129", "我有大的，来拿吧", .reply_to = "m1"),
     .tells = "m1+m4 proposed self, m1+m4 agreed"},
    {"08:03:40", SAY("m5", "g-3", "n109", "太小了不合适吧", .reply_to = "m4"), .tells = ""},
};
SCENARIO(who_is_turned_down_leaves_the_request_open)

static const struct step what_is_agreed_for_a_day_waits_for_it_steps[] = {
    {"08:00:00", SAY("m1", "g-3", "n108", "这周六谁家有吉他借用一下"), .tells = "request m1"},
    {"08:00:40", SAY("m2", "g-3", "n110", "我有，周六来拿吧", .reply_to = "m1"),
     .tells = "m1+m2 proposed self, m1+m2 agreed"},
    {"8T20:00:00", SAY("m3", "g-3", "n108", "吉他弹得很开心，已经还了，谢谢"),
     .tells = "m1+m2 fulfilled, met m1 by m3"},
};
SCENARIO(what_is_agreed_for_a_day_waits_for_it)

static const struct step an_offer_of_which_somebody_had_a_part_ends_as_met_steps[] = {
    {"08:00:00", SAY("m1", "g-3", "n108", "送三盆绿萝，今天下午六点前来拿"), .tells = "offer m1"},
    {"08:01:00", SAY("m2", "g-3", "n110", "我要一盆", .reply_to = "m1"),
     .tells = "m2+m1 proposed self, m2+m1 agreed"},
    {"10:00:00", SAY("m3", "g-3", "n110", "绿萝拿到了，谢谢"), .tells = "m2+m1 fulfilled"},
    {"8T20:00:00", SAY("m4", "g-3", "n129", "哈哈哈"), .tells = "met m1, m2+m1 closed"},
};
SCENARIO(an_offer_of_which_somebody_had_a_part_ends_as_met)

static const struct step a_claim_without_a_quote_goes_to_the_latest_steps[] = {
    {"08:00:00", SAY("m1", "g-3", "n108", "谁家有吉他借用一下"), .tells = "request m1"},
    {"08:00:10", SAY("m2", "g-3", "n109", "谁家有缝纫机借用一下"), .tells = "request m2"},
    {"08:00:50", SAY("m3", "g-3", "n129", "我有，来拿吧"),
     .tells = "m2+m3 proposed self, m2+m3 agreed"},
    {"08:01:50", SAY("m4", "g-3", "n110", "我有，你来3栋拿"),
     .tells = "m1+m4 proposed self, m1+m4 agreed"},
};
SCENARIO(a_claim_without_a_quote_goes_to_the_latest)

/* People do not know what we have proposed: it changes nothing in whom they answer. */
static const struct step what_we_proposed_does_not_draw_a_claim_away_steps[] = {
    {"08:00:00", SAY("m1", "g-3", "n108", "谁家有吉他借用一下"), .tells = "request m1"},
    {"08:00:10", SAY("m2", "g-3", "n109", "谁家有打气筒借用一下"),
     .tells = "request m2, m2+r-23 proposed auto, m2+r-23 approved"},
    {"08:00:50", SAY("m3", "g-3", "n129", "我有，来拿吧"),
     .tells = "post cancelled, m2+r-23 lapsed, m2+m3 proposed self, m2+m3 agreed"},
    {"09:00:00",
     SAY("m4", "g-23", "n209", "老头子走了以后，我一个人在家闷得慌，有没有人能来陪我说说话"),
     .tells = "request m4, m4+r-19 proposed review, m4+r-19 in_review"},
    {"09:01:00", SAY("m5", "g-23", "n208", "焦奶奶，我下午过来坐坐，给您带点桂花糕"),
     .tells = "m4+r-19 lapsed, m4+m5 proposed self, m4+m5 agreed"},
};
SCENARIO(what_we_proposed_does_not_draw_a_claim_away)

static const struct step a_claim_goes_to_the_thing_it_names_steps[] = {
    {"08:00:00", SAY("m1", "g-24", "n211", "谁家有折叠床借用两天，来亲戚了"),
     .tells = "request m1"},
    {"08:00:20", SAY("m2", "g-24", "n210", "谁家有路由器借用一下，我家的坏了"),
     .tells = "request m2"},
    {"08:00:40", SAY("m3", "g-24", "n212", "我家有折叠床，下来拿"),
     .tells = "m1+m3 proposed self, m1+m3 agreed"},
};
SCENARIO(a_claim_goes_to_the_thing_it_names)

static const struct step who_comes_too_late_is_served_when_somebody_steps_back_steps[] = {
    {"08:00:00", SAY("m1", "g-31", "n121", "多烤了两个面包，免费送，要的说一声"),
     .tells = "offer m1"},
    {"08:00:20", SAY("m2", "g-31", "n118", "我要一个"),
     .tells = "m2+m1 proposed self, m2+m1 agreed"},
    {"08:00:30", SAY("m3", "g-31", "n125", "我要一个"),
     .tells = "m3+m1 proposed self, m3+m1 agreed"},
    {"08:00:40", SAY("m4", "g-31", "n128", "我要一个"), .tells = "m4+m1 proposed self"},
    {"10:01:00", SAY("m5", "g-31", "n118", "不用了，我家有面包了，让给别人"),
     .tells = "m2+m1 declined, withdrawn m2 by m5, m4+m1 agreed"},
};
SCENARIO(who_comes_too_late_is_served_when_somebody_steps_back)

static const struct step a_second_helper_stands_by_steps[] = {
    {"08:00:00", SAY("m1", "g-6", "n118", "谁家有熨斗借用一下，明天面试"), .tells = "request m1"},
    {"08:00:20", SAY("m2", "g-6", "n125", "我有", .reply_to = "m1"),
     .tells = "m1+m2 proposed self, m1+m2 agreed"},
    {"08:00:40", SAY("m3", "g-6", "n121", "我家也有", .reply_to = "m1"),
     .tells = "m1+m3 proposed self"},
    {"10:00:00", SAY("m4", "g-6", "n125", "不好意思，我来不了了，你找别人吧", .reply_to = "m1"),
     .tells = "m1+m2 declined, withdrawn m2 by m4, m1+m3 agreed"},
    {"10:10:00", SAY("m5", "g-6", "n118", "借到了，谢谢"),
     .tells = "m1+m3 fulfilled, met m1 by m5"},
};
SCENARIO(a_second_helper_stands_by)

static const struct step each_in_line_takes_one_of_the_places_steps[] = {
    {"08:00:00", SAY("m1", "g-6", "n118", "周六布置活动室，缺两个人手，有空的报名"),
     .tells = "request m1"},
    {"08:01:00", SAY("m2", "g-6", "n125", "我报名", .reply_to = "m1"),
     .tells = "m1+m2 proposed self, m1+m2 agreed"},
    {"08:02:00", SAY("m3", "g-6", "n121", "我也报名", .reply_to = "m1"),
     .tells = "m1+m3 proposed self, m1+m3 agreed"},
    {"08:03:00", SAY("m4", "g-6", "n117", "算我一个", .reply_to = "m1"),
     .tells = "m1+m4 proposed self"},
    {"08:04:00", SAY("m5", "g-6", "n120", "我也来", .reply_to = "m1"),
     .tells = "m1+m5 proposed self"},
    {"09:00:00", SAY("m6", "g-6", "n125", "不好意思，我来不了了，你找别人吧", .reply_to = "m1"),
     .tells = "m1+m2 declined, withdrawn m2 by m6, m1+m4 agreed"},
    {"09:01:00", SAY("m7", "g-6", "n121", "不好意思，我来不了了，你找别人吧", .reply_to = "m1"),
     .tells = "m1+m3 declined, withdrawn m3 by m7, m1+m5 agreed"},
};
SCENARIO(each_in_line_takes_one_of_the_places)

static const struct step who_asks_whether_any_is_left_does_not_queue_steps[] = {
    {"08:00:00", SAY("m1", "g-6", "n125", "闲置婴儿床一张，免费送，自取"), .tells = "offer m1"},
    {"08:10:00", SAY("m2", "g-6", "n118", "我要", .reply_to = "m1"),
     .tells = "m2+m1 proposed self, m2+m1 agreed"},
    {"08:20:00", SAY("m3", "g-6", "n121", "还在吗", .reply_to = "m1"), .tells = ""},
};
SCENARIO(who_asks_whether_any_is_left_does_not_queue)

static const struct step of_one_thing_the_second_is_told_when_it_comes_free_steps[] = {
    {"08:00:00", SAY("m1", "g-6", "n125", "婴儿床一张，免费送，自取"), .tells = "offer m1"},
    {"08:10:00", SAY("m2", "g-6", "n118", "我要", .reply_to = "m1"),
     .tells = "m2+m1 proposed self, m2+m1 agreed"},
    {"08:20:00", SAY("m3", "g-6", "n121", "我也想要", .reply_to = "m1"), .tells = ""},
    {"10:20:00", SAY("m4", "g-6", "n118", "不好意思，我家放不下，不要了", .reply_to = "m1"),
     .tells = "m2+m1 declined, withdrawn m2 by m4, m3+m1 proposed self, m3+m1 agreed"},
};
SCENARIO(of_one_thing_the_second_is_told_when_it_comes_free)

static const struct step lending_money_is_nobodys_match_steps[] = {
    {"08:00:00", SAY("m1", "g-4", "n127", "谁能借我五百块，月底发工资就还"), .tells = "request m1"},
    {"08:00:30", SAY("m2", "g-4", "n113", "我借你", .reply_to = "m1"), .tells = ""},
};
SCENARIO(lending_money_is_nobodys_match)

/* --- endings --- */

static const struct step a_word_in_the_chat_ends_a_post_steps[] = {
    {"08:00:00", SAY("m1", "g-6", "n118", "谁家有熨斗借用一下，明天面试"), .tells = "request m1"},
    {"08:10:00", SAY("m2", "g-6", "n118", "不用了，找到了"), .tells = "withdrawn m1 by m2"},
    {"09:00:00", SAY("m3", "g-6", "n125", "闲置婴儿床一张，免费送，自取"), .tells = "offer m3"},
    {"09:10:00", SAY("m4", "g-6", "n118", "我要"), .tells = "m4+m3 proposed self, m4+m3 agreed"},
    {"09:30:00", SAY("m5", "g-6", "n125", "婴儿床已经送出去了"),
     .tells = "m4+m3 fulfilled, met m3 by m5"},
    {"09:31:00", SAY("m6", "g-6", "n118", "我要", .reply_to = "m3"), .tells = ""},
};
SCENARIO(a_word_in_the_chat_ends_a_post)

static const struct step a_recall_takes_back_what_it_opened_steps[] = {
    {"08:00:00", SAY("m1", "g-6", "n117", "谁家有梯子借用一下"),
     .tells = "request m1, m1+r-2 proposed auto, m1+r-2 approved"},
    {"08:01:00", SAY("m2", "g-6", "n117", NULL, .recalled = "m1"),
     .tells = "post cancelled, post cancelled, m1+r-2 lapsed, withdrawn m1 by m2"},
    {"08:02:00", SAY("m3", "g-22", "n216", "多的一袋猫粮送给有猫的邻居"), .tells = "offer m3"},
    {"08:02:30", SAY("m4", "g-22", "n222", "我要", .reply_to = "m3"),
     .tells = "m4+m3 proposed self, m4+m3 agreed"},
    {"08:02:40", SAY("m5", "g-22", "n223", "我也要", .reply_to = "m3"),
     .tells = "m5+m3 proposed self"},
    {"08:03:00", SAY("m6", "g-22", "n222", NULL, .recalled = "m4"),
     .tells = "m4+m3 declined, withdrawn m4 by m6, m5+m3 agreed"},
    {"08:04:00", SAY("m7", "g-22", "n222", NULL, .recalled = "m4"), .tells = ""},
    {"08:05:00", SAY("m8", "g-22", "n204", NULL, .recalled = "never-seen"), .tells = ""},
};
SCENARIO(a_recall_takes_back_what_it_opened)

static const struct step what_nobody_answers_ends_in_its_time_steps[] = {
    {"08:00:00", SAY("m1", "g-22", "n204", "谁家有吉他借用一下"), .tells = "request m1"},
    {"08:10:00", SAY("m2", "g-22", "n216", "今晚八点前想借一台缝纫机"), .tells = "request m2"},
    {"20:59:59", WAIT, .tells = ""},
    {"21:00:00", WAIT, .tells = "unmet m2, alert unmet m2"}, /* an hour after it was wanted */
    {"4T07:59:59", WAIT, .tells = ""},
    {"4T08:00:00", WAIT, .tells = "unmet m1, alert unmet m1"},
};
SCENARIO(what_nobody_answers_ends_in_its_time)

static const struct step what_is_said_again_is_one_request_steps[] = {
    {"08:00:00", SAY("m1", "g-4", "n912", "我妈脚扭了下不了楼，想借一辆轮椅"),
     .tells = "request m1, m1+r-8 proposed auto, m1+r-8 approved"},
    {"08:01:00", SAY("m2", "g-31", "n912", "再问一次，谁家有轮椅，我妈脚扭了想借一辆轮椅"),
     .tells = "again m1"},
    {"08:01:30", SAY("m3", "g-31", "n913", "谁家有轮椅，我爸脚扭了想借一辆轮椅"),
     .tells = "request m3, m3+r-8 proposed auto, m3+r-8 approved"},
};
SCENARIO(what_is_said_again_is_one_request)

/* --- staff --- */

static const struct step an_approval_can_be_undone_steps[] = {
    {"08:00:00", SAY("m1", "g-23", "n217", FEVER),
     .tells = "request m1, m1+r-11 proposed review, m1+r-11 in_review"},
    {"08:01:00", ORDER(MATCH_UNDO, .on = "m1"), .tells = "conflict"},
    {"08:02:00", ORDER(MATCH_APPROVE, .on = "m1"), .tells = "ok, m1+r-11 approved"},
    {"08:02:01", ORDER(MATCH_APPROVE, .on = "m1"), .tells = "conflict"},
    {"08:02:29", ORDER(MATCH_UNDO, .on = "m1"),
     .tells = "ok, post cancelled, m1+r-11 undone, m1+r-10 proposed review, m1+r-10 in_review"},
    {"08:03:00", ORDER(MATCH_APPROVE, .on = "m1"), .tells = "ok, m1+r-10 approved"},
    {"08:03:30", ORDER(MATCH_UNDO, .on = "m1"), .tells = "post g-23, conflict"},
    {"08:03:31", DELIVER(DONE), .tells = "post delivered, m1+r-10 posted"},
    {"08:03:40", ORDER(MATCH_UNDO, .on = "m1"), .tells = "ok, m1+r-10 undone"},
    {"08:04:00", SAY("m2", "g-23", "n217", "1"), .tells = "post g-23"}, /* the correction */
};
SCENARIO(an_approval_can_be_undone)

static const struct step after_a_rejection_the_next_candidate_stands_steps[] = {
    {"08:00:00", SAY("m1", "g-22", "n204", "家里有多的退烧药，没拆封，需要的邻居来拿"),
     .tells = "offer m1"},
    {"08:00:10", SAY("m2", "g-24", "n218", "我家有退烧药两盒，可以分给需要的邻居"),
     .tells = "offer m2"},
    {"08:01:00", SAY("m3", "g-23", "n217", FEVER),
     .tells = "request m3, m3+m1 proposed review, m3+m1 in_review"},
    {"08:02:00", ORDER(MATCH_REJECT, .on = "m3", .reason = "药快过期了"),
     .tells = "ok, m3+m1 rejected, m3+m2 proposed review, m3+m2 in_review"},
    {"08:03:00", ORDER(MATCH_REJECT, .on = "m3", .reason = "联系不上"),
     .tells = "ok, m3+m2 rejected, m3+r-11 proposed review, m3+r-11 in_review"},
    {"08:04:00", ORDER(MATCH_REJECT, .on = "m3", .reason = "太远"),
     .tells = "ok, m3+r-11 rejected, m3+r-10 proposed review, m3+r-10 in_review"},
    {"08:05:00", ORDER(MATCH_REJECT, .on = "m3", .reason = "太远"),
     .tells = "ok, m3+r-10 rejected"},
    {"08:06:00", ORDER(MATCH_REJECT, .on = "m3"), .tells = "conflict"},
};
SCENARIO(after_a_rejection_the_next_candidate_stands)

static const struct step after_a_no_the_next_candidate_is_asked_steps[] = {
    {"08:00:00", SAY("m1", "g-5", "n115", DRILL), .tells = "offer m1"},
    {"08:00:10", SAY("m2", "g-7", "n120", "我有一把冲击钻，可以借给大家用"), .tells = "offer m2"},
    {"08:02:00", SAY("m3", "g-2", "n128", "谁家有冲击钻借用一下"),
     .tells = "request m3, m3+m1 proposed auto, m3+m1 approved"},
    {"08:04:00", WAIT, .tells = "post g-2, post g-5"},
    {"08:04:01", DELIVER(DONE), .tells = "post delivered, m3+m1 posted"},
    {"08:05:00", SAY("m4", "g-2", "n128", "不方便"),
     .tells = "m3+m1 declined, m3+m2 proposed auto, m3+m2 approved"},
    {"08:05:30", WAIT, .tells = "post g-2, post g-7"},
    {"08:06:01", DELIVER(GONE), .tells = "post dead, m3+m2 in_review"}, /* a person has it now */
    {"17:29:59", WAIT, .tells = ""},
    {"17:30:00", WAIT, .tells = "m3+m2 lapsed"},
    {"4T08:02:00", WAIT, .tells = "unmet m3, alert unmet m3"}, /* it stays on the gap board */
};
SCENARIO(after_a_no_the_next_candidate_is_asked)

static const struct step what_nobody_reviews_gives_way_to_the_next_steps[] = {
    {"08:00:00", SAY("m1", "g-21", "n201", "我妈八十了，想找日间照料，白天有人照看老人"),
     .tells = "request m1, m1+r-15 proposed review, m1+r-15 in_review"},
    {"08:10:00", SAY("m2", "g-22", "n205", "我退休了，可以白天帮忙照看老人，不收钱"),
     .tells = "offer m2"},
    {"17:29:59", WAIT, .tells = ""},
    {"17:30:00", WAIT, .tells = "m1+r-15 lapsed, m1+m2 proposed review, m1+m2 in_review"},
    {"2T17:30:00", WAIT, .tells = "m1+m2 lapsed"},
    {"4T08:00:00", WAIT, .tells = "unmet m1, alert unmet m1"},
};
SCENARIO(what_nobody_reviews_gives_way_to_the_next)

/* r-18 mends washing machines, r-28 locks: 修 alone does not make them alike. */
static const struct step repair_of_one_thing_is_not_repair_of_another_steps[] = {
    {"09:00:00", SAY("m1", "g-24", "n211", "洗衣机不脱水了，有没有师傅能来修洗衣机"),
     .tells = "request m1, m1+r-18 proposed auto, m1+r-18 approved"},
    {"09:00:10", ORDER(MATCH_UNDO, .on = "m1", .reason = "不合适"),
     .tells = "ok, post cancelled, m1+r-18 undone, m1+r-18 proposed review, m1+r-18 in_review"},
    {"09:00:20", ORDER(MATCH_REJECT, .on = "m1", .reason = "不合适"),
     .tells = "ok, m1+r-18 rejected"},
    {"09:10:00", SAY("m2", "g-24", "n212", "门锁坏了，谁会修锁"),
     .tells = "request m2, m2+r-28 proposed auto, m2+r-28 approved"},
};
SCENARIO(repair_of_one_thing_is_not_repair_of_another)

/* A working day of those who review passes, not the week-end. */
static const struct step what_comes_on_a_friday_evening_waits_for_monday_steps[] = {
    {"5T20:00:00", SAY("m1", "g-21", "n201", "我妈八十了，想找日间照料，白天有人照看老人"),
     .tells = "request m1, m1+r-15 proposed review, m1+r-15 in_review"},
    {"8T17:29:59", WAIT, .tells = ""},
    {"8T17:30:00", WAIT, .tells = "m1+r-15 lapsed"},
    {"8T20:00:00", WAIT, .tells = "unmet m1, alert unmet m1"},
};
SCENARIO(what_comes_on_a_friday_evening_waits_for_monday)

static const struct step what_waits_ends_with_the_need_all_the_same_steps[] = {
    {"5T20:00:00", SAY("m1", "g-21", "n201", "我妈八十了，明天下午两点到四点想找日间照料照看老人"),
     .tells = "request m1, m1+r-15 proposed review, m1+r-15 in_review"},
    {"6T16:59:59", WAIT, .tells = ""},
    {"6T17:00:00", WAIT, .tells = "m1+r-15 lapsed, unmet m1, alert unmet m1"},
};
SCENARIO(what_waits_ends_with_the_need_all_the_same)

static const struct step a_person_may_choose_another_candidate_steps[] = {
    {"08:00:00", SAY("m1", "g-22", "n204", "家里有多的退烧药，没拆封，需要的邻居来拿"),
     .tells = "offer m1"},
    {"08:01:00", SAY("m3", "g-23", "n217", FEVER),
     .tells = "request m3, m3+m1 proposed review, m3+m1 in_review"},
    {"08:01:30", ORDER(MATCH_APPROVE, .on = "m3", .candidate = "nobody"), .tells = "not-found"},
    {"08:01:40", ORDER(MATCH_APPROVE, .on = "m3", .candidate = "r-1"), .tells = "conflict"},
    {"08:02:00", ORDER(MATCH_APPROVE, .on = "m3", .candidate = "r-11"),
     .tells = "ok, m3+m1 rejected, m3+r-11 proposed review, m3+r-11 in_review, m3+r-11 approved"},
    {"08:02:10", ORDER(MATCH_APPROVE, .on = "m3", .candidate = "r-10"), .tells = "conflict"},
};
SCENARIO(a_person_may_choose_another_candidate)

static const struct step an_edit_looks_for_matches_anew_steps[] = {
    {"08:00:00", SAY("m1", "g-2", "n128", "谁家有冲击钻借用一下"), .tells = "request m1"},
    {"08:01:00", SAY("m2", "g-5", "n115", DRILL),
     .tells = "offer m2, m1+m2 proposed auto, m1+m2 approved"},
    {"08:01:05", SAY("m3", "g-7", "n120", "我有一把冲击钻，可以借给大家用"), .tells = "offer m3"},
    {"08:01:30",
     ORDER(POST_EDIT, .on = "m1", EDIT(.has_urgency = true, .urgency = URGENCY_CRITICAL)),
     .tells = "ok, post cancelled, post cancelled, m1+m2 lapsed, again m1, alert critical m1, "
              "case m1 tools p-67, m1+m3 proposed review, m1+m3 in_review"},
    {"08:01:40",
     ORDER(POST_EDIT, .on = "m1", EDIT(.has_category = true, .category = CATEGORY_PETS)),
     .tells = "ok, m1+m3 lapsed, again m1"},
    {"08:02:00", ORDER(POST_EDIT, .on = "m2", EDIT(.has_intent = true, .intent = INTENT_CHAT)),
     .tells = "ok, again m2, withdrawn m2"},
    {"08:03:00", ORDER(POST_EDIT, .on = "m2", EDIT(.has_urgency = true)), .tells = "conflict"},
    {"08:04:00", ORDER(POST_EDIT, .on = "m1", EDIT(.has_category = true)), .tells = "bad-field"},
    {"08:05:00", ORDER(POST_EDIT, .on = "m1", EDIT(.has_asked = true)), .tells = "bad-field"},
    {"08:06:00", ORDER(POST_EDIT, .on = "m1", EDIT(.place = "nowhere")), .tells = "bad-field"},
};
SCENARIO(an_edit_looks_for_matches_anew)

/* --- reports and danger --- */

static const struct step a_fault_is_one_case_however_many_report_it_steps[] = {
    {"08:00:00", SAY("m1", "g-3", "n109", "3栋2单元电梯又坏了，物业来看看"),
     .tells = "case m1 facility p-55"},
    {"08:05:00", SAY("m2", "g-3", "n110", "电梯还是坏的，物业快来修"),
     .tells = "case dispatched p-55"},
    {"08:06:00", SAY("m3", "g-31", "n129", "3栋电梯坏了，走楼梯上来的"),
     .tells = "case dispatched p-55"},
    {"08:10:00", SAY("m4", "g-21", "n203", "21号楼楼道灯不亮，黑漆漆的，物业管管"),
     .tells = "case m4 facility p-56"},
    {"08:20:00", SAY("m5", "g-5", "n114", "5栋电梯坏了，物业来修一下"),
     .tells = "case m5 facility p-55"},
    {"08:25:00", ORDER(CASE_EVENT, .on = "m5", .case_event = CASE_EVENT_CLOSE),
     .tells = "conflict"},
    {"08:26:00", ORDER(CASE_EVENT, .on = "m5", .case_event = CASE_EVENT_ACCEPT),
     .tells = "ok, case accepted p-55"},
    {"08:27:00", ORDER(CASE_EVENT, .on = "m5", .case_event = CASE_EVENT_RESOLVE),
     .tells = "ok, case resolved p-55"},
    {"08:28:00", ORDER(CASE_EVENT, .on = "m5", .case_event = CASE_EVENT_VERIFY),
     .tells = "ok, case verified p-55"},
    {"08:29:00", ORDER(CASE_EVENT, .on = "m5", .case_event = CASE_EVENT_CLOSE),
     .tells = "ok, case closed p-55"},
    {"08:30:00", SAY("m6", "g-5", "n131", "5栋电梯又停了，物业来修一下"),
     .tells = "case m6 facility p-55"},
};
SCENARIO(a_fault_is_one_case_however_many_report_it)

static const struct step danger_alerts_at_once_and_waits_for_a_person_steps[] = {
    {"08:00:00", SAY("m1", "g-21", "n201", "救命！我爸在家晕倒没有呼吸了，谁会心肺复苏快来21号楼"),
     .tells = "alert critical m1, request m1, case m1 safety p-56"},
    {"08:00:30", SAY("m2", "g-4", "n113", "着火了，4栋三楼冒烟，里面还有人"),
     .tells = "alert critical m2, case m2 safety p-55"},
    {"08:01:00", SAY("m3", "g-7", "n126", "救命！我妈哮喘发作喘不上气，谁家有制氧机"),
     .tells = "alert critical m3, request m3, case m3 device p-67, m3+r-16 proposed review, "
              "m3+r-16 in_review"},
    {"08:14:59", WAIT,
     .tells = "alert unseen m1, alert unseen m2, alert unseen m3, alert reminder m1, alert "
              "reminder m2, alert reminder m3"}, /* no post by itself */
    {"08:15:30", WAIT,
     .tells = "case escalated p-68, alert escalated m1, case escalated p-67, alert escalated m2"},
};
SCENARIO(danger_alerts_at_once_and_waits_for_a_person)

static const struct step two_emergencies_are_two_alerts_one_told_twice_is_one_steps[] = {
    {"08:00:00", SAY("m1", "g-3", "n108", "快来人啊，我爸突然倒地没呼吸了，谁会心肺复苏"),
     .tells = "alert critical m1, request m1, case m1 safety p-55"},
    {"08:00:30", SAY("m2", "g-3", "n129", "二楼着火了，浓烟往上冒，有人被困"),
     .tells = "alert critical m2, case m2 safety p-55"},
    {"08:01:00", SAY("m3", "g-3", "n110", "二楼着火了，好大的烟，快报警"),
     .tells = "case dispatched p-55"},
};
SCENARIO(two_emergencies_are_two_alerts_one_told_twice_is_one)

/* --- the same message again --- */

static const struct step opening_steps[] = {
    {"08:00:00", SAY("m1", "g-6", "n125", "闲置婴儿床一张，免费送，自取"), .tells = "offer m1"},
    {"08:01:00", SAY("m2", "g-6", "n118", "我要"), .tells = "m2+m1 proposed self, m2+m1 agreed"},
    {"08:02:00", SAY("m3", "g-3", "n109", "3栋2单元电梯又坏了，物业来看看"),
     .tells = "case m3 facility p-55"},
    {"08:03:00", SAY("m4", "g-3", "n110", "3栋电梯坏了，物业快来修"),
     .tells = "case dispatched p-55"},
};

/* The store knows ids for a while; what opened, claimed or reported something, the core knows as
   long as that is there. */
static void a_message_that_comes_again_has_no_second_effect(void **state)
{
    (void)state;
    PLAY(&world, opening_steps);
    for (size_t i = 0; i < sizeof opening_steps / sizeof *opening_steps; i++) {
        struct step s = opening_steps[i];
        s.at = "11:30:00"; /* before anything is due */
        s.tells = "";
        play(&world, &s, 1);
        assert_int_equal(world.fx.n_touched + world.fx.n_talks + world.fx.n_audits, 0);
        assert_int_equal(world.fx.n_events, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_offer_and_a_request_meet_over_two_groups),
        CASE(a_request_finds_a_resource_that_is_lent_to_one_at_a_time),
        CASE(an_offer_of_two_serves_two_requests_and_no_third),
        CASE(nobody_is_matched_with_themselves_or_another_size),
        CASE(an_accessory_goes_with_its_device),
        CASE(what_was_found_is_what_was_lost),
        CASE(what_may_have_expired_is_no_match),
        CASE(a_claim_goes_to_what_it_quotes),
        CASE(who_is_turned_down_leaves_the_request_open),
        CASE(what_is_agreed_for_a_day_waits_for_it),
        CASE(an_offer_of_which_somebody_had_a_part_ends_as_met),
        CASE(a_claim_without_a_quote_goes_to_the_latest),
        CASE(what_we_proposed_does_not_draw_a_claim_away),
        CASE(a_claim_goes_to_the_thing_it_names),
        CASE(who_comes_too_late_is_served_when_somebody_steps_back),
        CASE(a_second_helper_stands_by),
        CASE(each_in_line_takes_one_of_the_places),
        CASE(who_asks_whether_any_is_left_does_not_queue),
        CASE(of_one_thing_the_second_is_told_when_it_comes_free),
        CASE(lending_money_is_nobodys_match),
        CASE(a_word_in_the_chat_ends_a_post),
        CASE(a_recall_takes_back_what_it_opened),
        CASE(what_nobody_answers_ends_in_its_time),
        CASE(what_is_said_again_is_one_request),
        CASE(an_approval_can_be_undone),
        CASE(after_a_rejection_the_next_candidate_stands),
        CASE(after_a_no_the_next_candidate_is_asked),
        CASE(what_nobody_reviews_gives_way_to_the_next),
        CASE(repair_of_one_thing_is_not_repair_of_another),
        CASE(what_comes_on_a_friday_evening_waits_for_monday),
        CASE(what_waits_ends_with_the_need_all_the_same),
        CASE(a_person_may_choose_another_candidate),
        CASE(an_edit_looks_for_matches_anew),
        CASE(a_fault_is_one_case_however_many_report_it),
        CASE(danger_alerts_at_once_and_waits_for_a_person),
        CASE(two_emergencies_are_two_alerts_one_told_twice_is_one),
        CASE(a_message_that_comes_again_has_no_second_effect),
    };
    return RUN(tests);
}
