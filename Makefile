# Linli: everything is built below $(B); see README.md for the two commands.
B ?= build
CC ?= gcc
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
DESTDIR ?=
ARCH ?= -march=x86-64-v2

VERSION := 0.1.0
SAN ?=
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -DLINLI_VERSION='"$(VERSION)"' $(CFLAGS) $(SAN) \
  -fno-common -pthread -Wall -Wextra -Werror -Wshadow -Wmissing-prototypes -Wstrict-prototypes \
  -Wformat=2 -Wvla -Iinclude
LDLIBS := $(shell pkg-config --libs libevent_core hiredis libcurl libcjson libsodium libcrypto \
  libutf8proc libconfuse libsystemd) -lcsv -lm
TRAIN_LIBS := -llinear

PROGRAMS := app ctl train
ROOMS := $(filter-out $(PROGRAMS),$(patsubst service/%/.may_include,%,$(wildcard service/*/.may_include)))
lib = $(B)/lib/$(1).a
closure = $(foreach r,$(shell scripts/rooms closure $(1)),$(if $(filter $(r),$(PROGRAMS)),,$(call lib,$(r))))
objects = $(patsubst service/%.c,$(B)/obj/%.o,$(wildcard service/$(1)/*.c)) \
  $(patsubst service/%,$(B)/obj/%.embed.o,$(wildcard service/$(1)/*.lua service/$(1)/embed/*))

.PHONY: all check unit flow month dialogues register rank live browser asan ubsan valgrind fuzz fuzz-replay headers rooms sizes corpus docs \
  format format-check tidy eval bench install uninstall clean model
all: $(B)/linlid $(B)/linlictl $(B)/linli-train model

# --- objects, rooms, programs -------------------------------------------------------------------
# Reading texts is what a core is busy with.
$(B)/obj/text/%.o: HOT = $(if $(filter -O2,$(CFLAGS)),-O3)
# The trainer's vectors go from function to function, but not from one compiler's to another's.
$(B)/obj/train/%.o: HOT = -Wno-psabi
$(B)/obj/%.o: service/%.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(HOT) $(ARCH) -MMD -MP -c $< -o $@
# A Lua script or another embedded file becomes `const unsigned char <room>_<file>[]`.
$(B)/obj/%.embed.o: service/%
	@mkdir -p $(@D)
	scripts/embed $(subst /,_,$(subst .,_,$(subst -,_,$(subst embed/,,$*)))) $< > $(@:.o=.c)
	$(CC) -O0 -c $(@:.o=.c) -o $@
define room_lib
$(call lib,$(1)): $(call objects,$(1))
	@mkdir -p $$(@D)
	@rm -f $$@
	ar rcs $$@ $$^
endef
$(foreach r,$(ROOMS),$(eval $(call room_lib,$(r))))
define program
$(B)/$(2): $(call objects,$(1)) $(call closure,$(1))
	$(CC) $(ALL_CFLAGS) -o $$@ $$(filter %.o,$$^) -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group $(LDLIBS) $(3)
endef
$(eval $(call program,app,linlid,))
$(eval $(call program,ctl,linlictl,))
$(eval $(call program,train,linli-train,$(TRAIN_LIBS)))

# The model is trained from the project's own corpus, by the trainer just built. A build with other
# flags takes the model of another (MODEL_FROM=build/linli.model), which is the same.
model: $(B)/linli.model
ifdef MODEL_FROM
$(B)/linli.model: $(MODEL_FROM)
	@mkdir -p $(@D)
	cp $< $@
else
$(B)/linli.model: $(B)/linli-train $(wildcard service/text/corpus/*.tsv service/text/*.tsv service/core/scenes/*.jsonl)
	$(B)/linli-train --corpus service/text/corpus --scenes service/core/scenes --out $@
endif

# --- tests --------------------------------------------------------------------------------------
# tests/unit/<room>/test_*.c links that room and what it may reach; tests/flow/ links every room.
UNIT_SRC := $(wildcard tests/unit/*/test_*.c)
UNIT := $(patsubst tests/%.c,$(B)/tests/%,$(UNIT_SRC))
FLOW := $(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/flow/test_*.c))
FUZZ := $(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/fuzz/fuzz_*.c))
BENCH := $(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/bench/bench_*.c))
test_cc = @mkdir -p $(@D); $(CC) $(ALL_CFLAGS) $(ARCH) -Itests -MMD -MP $(1) -o $@ $(2) \
  -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LDLIBS) -lcmocka
define unit_of_room
$(B)/tests/unit/$(1)/test_%: tests/unit/$(1)/test_%.c $(call closure,$(1)) Makefile
	$$(call test_cc,$$<,)
endef
$(foreach r,$(ROOMS),$(eval $(call unit_of_room,$(r))))
# The trainer is a program: its parts are linked without its main.
$(B)/tests/unit/train/test_%: tests/unit/train/test_%.c $(filter-out $(B)/obj/train/main.o,$(call objects,train)) $(call closure,train) Makefile
	$(call test_cc,$<,$(filter-out $(B)/obj/train/main.o,$(call objects,train)) $(TRAIN_LIBS))
$(B)/tests/flow/test_%: tests/flow/test_%.c $(wildcard tests/fake/*.c) $(foreach r,$(ROOMS),$(call lib,$(r))) Makefile
	$(call test_cc,$<,$(wildcard tests/fake/*.c))
# A community's month: several files, one program.
MONTH := $(B)/tests/month/test_month
$(B)/tests/month/%.o: tests/month/%.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ARCH) -Itests -MMD -MP -c $< -o $@
$(MONTH): $(patsubst %.c,$(B)/%.o,$(wildcard tests/month/*.c)) $(foreach r,$(ROOMS),$(call lib,$(r))) Makefile
	$(call test_cc,$(filter %.o,$^),)
$(B)/tests/bench/bench_%: tests/bench/bench_%.c $(foreach r,$(ROOMS),$(call lib,$(r))) Makefile
	$(call test_cc,$<,)
# A fuzz target is built with libFuzzer when FUZZER is set (make fuzz), else with a driver that
# replays its corpus folder.
FUZZER ?=
$(B)/tests/fuzz/fuzz_%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c $(foreach r,$(ROOMS),$(call lib,$(r))) Makefile
	$(call test_cc,$<,$(if $(FUZZER),$(FUZZER),tests/fuzz/replay.c))

run_all = @set -e; for t in $(1); do echo "== $$t"; LINLI_MODEL=$(B)/linli.model LINLI_BUILD=$(B) timeout 600 $(RUNNER) $$t; done
unit: model $(B)/linli-train $(UNIT)
	$(call run_all,$(UNIT))
unit-%: $(UNIT_SRC)
	$(MAKE) $(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/unit/$*/test_*.c))
	$(call run_all,$(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/unit/$*/test_*.c)))
flow: model $(FLOW) $(MONTH)
	$(call run_all,$(FLOW) $(MONTH))
# A month of a community of 8,000 people, and its report: tests/month/README.md.
month: export LINLI_MONTH_DAYS ?= 30
month: model $(MONTH)
	@LINLI_MODEL=$(B)/linli.model LINLI_MONTH_JSON=$(B)/month.json $(MONTH) report
# Whole conversations: what each message means there, and which matches and cases come of them.
dialogues: model $(B)/linlictl
	@tests/dialogues/run $(B)
# What stands in the register, for those who need it and do not name it.
register: model $(B)/linlictl
	@tests/register/run $(B)
# Texts against texts: where `linlictl rank` puts the right offer, beside the usual baseline.
rank: model $(B)/linlictl
	@tests/rank/run $(B)
live: all
	tests/live/run $(B)
fuzz-replay: model $(FUZZ)
	@set -e; for t in $(FUZZ); do echo "== $$t"; LINLI_MODEL=$(B)/linli.model timeout 600 $$t tests/fuzz/corpus/$$(basename $$t); done
# make fuzz SECONDS_EACH=60: every target with libFuzzer, under the sanitizers.
SECONDS_EACH ?= 60
fuzz: model
	$(MAKE) B=$(B)-fuzz MODEL_FROM=$(B)/linli.model CC=clang SAN="-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all" FUZZER=-fsanitize=fuzzer fuzz-run
.PHONY: fuzz-run
fuzz-run: model $(FUZZ)
	@set -e; for t in $(FUZZ); do echo "== $$t"; mkdir -p $(B)/findings/$$(basename $$t); \
	  LINLI_MODEL=$(B)/linli.model $$t -max_total_time=$(SECONDS_EACH) -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
	  -artifact_prefix=$(B)/findings/ $(B)/findings/$$(basename $$t) tests/fuzz/corpus/$$(basename $$t); done
asan: export LINLI_PROPERTY_STEPS = 20000
asan: model
	$(MAKE) B=$(B)-asan MODEL_FROM=$(B)/linli.model SAN="-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer" CFLAGS="-O1 -g" unit flow fuzz-replay
ubsan: export LINLI_PROPERTY_STEPS = 20000
ubsan: model
	$(MAKE) B=$(B)-ubsan MODEL_FROM=$(B)/linli.model CC=clang SAN="-fsanitize=undefined -fno-sanitize-recover=all" CFLAGS="-O1 -g" unit flow
# Valgrind is fifty times slower: the property test goes fewer steps there.
valgrind: export LINLI_PROPERTY_STEPS = 2000
valgrind: export LINLI_SLOW = 1
valgrind: model $(UNIT) $(FLOW)
	$(MAKE) RUNNER="valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite,indirect" unit flow
RUNNER ?=
check: rooms headers sizes docs format-check unit flow dialogues register rank fuzz-replay

# --- the house ----------------------------------------------------------------------------------
headers:
	@set -e; for h in $$(find include -name '*.h'); do $(CC) $(ALL_CFLAGS) -fsyntax-only -x c -include $$h /dev/null; done; echo "headers: each compiles alone"
rooms:
	@scripts/rooms check
docs:
	@scripts/docs
sizes:
	@scripts/sizes
# The composed part is what its grammar gives, and nothing that the model is measured with is trained on.
corpus:
	@scripts/compose --check
	@scripts/heldout
SOURCES = $(shell git ls-files -co --exclude-standard '*.c' '*.h')
format:
	clang-format -i $(SOURCES)
format-check:
	@clang-format --dry-run -Werror $(SOURCES) && echo "format: as .clang-format says"
tidy:
	clang-tidy --quiet $(shell git ls-files 'service/*.c') -- -std=c11 -D_GNU_SOURCE -DLINLI_VERSION='"$(VERSION)"' -Iinclude
# What the model understands of messages that it was not trained on.
eval: all
	scripts/eval $(B)
bench: all $(BENCH)
	tests/bench/run $(B)

# --- installation -------------------------------------------------------------------------------
install: all
	install -Dm755 $(B)/linlid $(DESTDIR)$(PREFIX)/sbin/linlid
	install -Dm755 $(B)/linlictl $(DESTDIR)$(PREFIX)/bin/linlictl
	install -Dm755 $(B)/linli-train $(DESTDIR)$(PREFIX)/bin/linli-train
	install -Dm644 $(B)/linli.model $(DESTDIR)$(PREFIX)/share/linli/linli.model
	install -d $(DESTDIR)$(PREFIX)/share/linli/corpus/text $(DESTDIR)$(PREFIX)/share/linli/corpus/scenes $(DESTDIR)$(PREFIX)/share/linli/heldout
	install -m644 service/text/*.tsv $(DESTDIR)$(PREFIX)/share/linli/corpus/
	install -m644 service/text/corpus/*.tsv $(DESTDIR)$(PREFIX)/share/linli/corpus/text/
	install -m644 service/core/scenes/*.jsonl $(DESTDIR)$(PREFIX)/share/linli/corpus/scenes/
	install -m644 tests/corpus/*.tsv $(DESTDIR)$(PREFIX)/share/linli/heldout/
	install -Dm644 deploy/linli.conf $(DESTDIR)/etc/linli/linli.conf.sample
	install -Dm644 deploy/systemd/linlid.service $(DESTDIR)$(PREFIX)/lib/systemd/system/linlid.service
uninstall:
	rm -rf $(DESTDIR)$(PREFIX)/share/linli/corpus $(DESTDIR)$(PREFIX)/share/linli/heldout
	rm -f $(DESTDIR)$(PREFIX)/sbin/linlid $(DESTDIR)$(PREFIX)/bin/linlictl $(DESTDIR)$(PREFIX)/bin/linli-train \
	  $(DESTDIR)$(PREFIX)/share/linli/linli.model $(DESTDIR)$(PREFIX)/lib/systemd/system/linlid.service \
	  $(DESTDIR)/etc/linli/linli.conf.sample
clean:
	rm -rf $(B) $(B)-asan $(B)-ubsan $(B)-fuzz

-include $(shell find $(B) -name '*.d' 2>/dev/null)
