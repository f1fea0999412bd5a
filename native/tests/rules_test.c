// Which way destinations go.
#include "../src/real.h"
#include "../src/rules.h"
#include "../src/say.h"
#include "stand_in.h"

static void load(const char *text)
{
    use_config(text);
    real_find();
    say_remember_stderr();
    config_load();
    CHECK(!config.is_broken);
}

static enum action way(const char *to, int port, enum protocol protocol)
{
    struct target target = {0};
    if (!address_parse(&target.address, to)) {
        target.name = to;
    }
    target.address.port = (uint16_t)port;
    return rules_decide(&target, protocol).action;
}

static void without_rules(void)
{
    load("gateway 192.0.2.250:20304\n");
    CHECK_INT(way("192.0.2.1", 80, TCP), THROUGH_GATEWAY);
    CHECK_INT(way("2001:db8::1", 80, UDP), THROUGH_GATEWAY);
    CHECK_INT(way("db.example", 80, TCP), THROUGH_GATEWAY);
    CHECK_INT(way("192.0.2.250", 20304, TCP), DIRECT);
    CHECK_INT(way("192.0.2.250", 22, TCP), THROUGH_GATEWAY);
    const char *near[] = {"127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "::", "169.254.1.1", "fe80::1", "224.0.0.251", "ff02::fb",
                          "255.255.255.255", "::ffff:127.0.0.1"};
    for (size_t i = 0; i < sizeof near / sizeof near[0]; i++) {
        CHECK_INT(way(near[i], 80, TCP), DIRECT);
    }
}

static void first_that_fits(void)
{
    load("rule deny 10.1.2.3 ports 23\n"
         "rule direct 10.0.0.0/8\n"
         "rule gateway 10.0.0.0/8\n"
         "rule deny fd00::/8 protocol udp\n"
         "rule direct *.office.example\n"
         "rule deny secret.*\n"
         "rule gateway 127.0.0.5\n"
         "rule deny 0.0.0.0/0 ports 25\n");
    CHECK_INT(way("10.1.2.3", 23, TCP), DENY);
    CHECK_INT(way("10.1.2.3", 24, TCP), DIRECT);
    CHECK_INT(way("::ffff:10.1.2.3", 23, TCP), DENY);
    CHECK_INT(way("11.0.0.1", 80, TCP), THROUGH_GATEWAY);
    CHECK_INT(way("fd00::1", 53, UDP), DENY);
    CHECK_INT(way("fd00::1", 53, TCP), THROUGH_GATEWAY);
    CHECK_INT(way("a.office.example", 53, TCP), DIRECT);
    CHECK_INT(way("a.b.OFFICE.example", 53, TCP), DIRECT);
    CHECK_INT(way("office.example", 53, TCP), THROUGH_GATEWAY);
    CHECK_INT(way("secret.plant", 53, TCP), DENY);
    CHECK_INT(way("127.0.0.5", 80, TCP), THROUGH_GATEWAY); // it was named
    CHECK_INT(way("127.0.0.1", 25, TCP), DIRECT);          // "everything" is nothing near
    CHECK_INT(way("192.0.2.1", 25, TCP), DENY);
    CHECK_INT(way("x.example", 25, TCP), THROUGH_GATEWAY); // a name is in no block
}

static void everything_direct(void)
{
    load("rule gateway 192.0.2.0/24\nrule direct *\n");
    CHECK_INT(way("192.0.2.1", 80, TCP), THROUGH_GATEWAY);
    CHECK_INT(way("198.51.100.1", 80, TCP), DIRECT);
    CHECK_INT(way("x.example", 80, TCP), DIRECT);
}

static void programs(void)
{
    rules_set_program("/usr/bin/curl");
    load("rule deny 10.0.0.1 program curl\n"
         "rule deny 10.0.0.2 program cur?\n"
         "rule deny 10.0.0.3 program /usr/bin/*\n"
         "rule deny 10.0.0.4 program wget\n"
         "rule deny 10.0.0.5 not-program curl\n"
         "rule deny 10.0.0.6 program wget program curl\n"
         "rule deny 10.0.0.7 program c* not-program /usr/bin/curl\n");
    const enum action expected[] = {DENY, DENY, DENY, THROUGH_GATEWAY, THROUGH_GATEWAY, DENY, THROUGH_GATEWAY};
    for (int i = 0; i < 7; i++) {
        char ip[16];
        snprintf(ip, sizeof ip, "10.0.0.%d", i + 1);
        CHECK_INT(way(ip, 80, TCP), expected[i]);
    }
}

static void names(void)
{
    load("rule gateway *.plant.example resolve here\n"
         "rule direct *.office.example\n"
         "rule direct *.half.example ports 80\n"
         "rule deny *.bad.example\n");
    bool is_here;
    CHECK_INT(rules_decide_name("a.plant.example", 0, ANY_PROTOCOL, &is_here).action, THROUGH_GATEWAY);
    CHECK(is_here);
    CHECK_INT(rules_decide_name("a.office.example", 0, ANY_PROTOCOL, &is_here).action, DIRECT);
    CHECK(is_here);
    rules_decide_name("a.half.example", 0, ANY_PROTOCOL, &is_here);
    CHECK(!is_here); // its port is not known yet
    rules_decide_name("a.half.example", 80, TCP, &is_here);
    CHECK(is_here);
    rules_decide_name("a.half.example", 81, TCP, &is_here);
    CHECK(!is_here);
    CHECK_INT(rules_decide_name("elsewhere.example", 0, ANY_PROTOCOL, &is_here).action, THROUGH_GATEWAY);
    CHECK(!is_here);
    // An address that a name was resolved to goes where the name's rule says.
    struct target target = {0};
    CHECK(address_parse(&target.address, "203.0.113.7"));
    CHECK_INT(rules_decide(&target, TCP).action, THROUGH_GATEWAY);
    rules_remember(&target.address, &config.rules[1]);
    CHECK_INT(rules_decide(&target, TCP).action, DIRECT);
}

static void timeouts(void)
{
    load("udp-response-timeout 4\nrule gateway 10.0.0.0/8 udp-timeout 0\nrule gateway 11.0.0.0/8\n");
    CHECK_INT(rules_udp_timeout(NULL), 4);
    CHECK_INT(rules_udp_timeout(&config.rules[0]), 0);
    CHECK_INT(rules_udp_timeout(&config.rules[1]), 4);
}

const struct test rules_tests[] = {
    {"rules none", without_rules},
    {"rules first that fits", first_that_fits},
    {"rules everything direct", everything_direct},
    {"rules programs", programs},
    {"rules names", names},
    {"rules timeouts", timeouts},
    {NULL, NULL},
};
