package org.consentgateway.console.account;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.consentgateway.reporting.SteadyClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Who is let in by name, password and code, and how often it may be tried. */
class SignInTest {
    private static final Instant START = Instant.parse("2026-12-01T09:00:00Z");
    private static final String PASSWORD = "four words of mine";

    /** Of that, at next to no cost: a test tries thousands of times. */
    private static final PasswordHash HASH =
            new PasswordHash(
                    "$argon2id$v=19$m=64,t=1,p=1$YSB0ZXN0J3Mgc2FsdCAxNg"
                            + "$ju+PJ3X6VK/0eAdD2iaAQPfoKUuswOuttnJhmlAw38c");

    private static final int ADDRESSES = 60;
    private static final int GUESSED = 12;

    @TempDir private Path directory;
    private Duration gone = Duration.ZERO;
    private Duration set = Duration.ZERO;
    private TotpSecret totp;
    private SignIn signIn;

    @BeforeEach
    void start() throws Exception {
        totp = TotpSecret.mint(new SecureRandom());
        var accounts = new AccountFile(directory.resolve("accounts.json"));
        accounts.add(new ConsoleAccount("ada", "Ada Meier", ConsoleRole.DPO, HASH, totp));
        for (int i = 0; i < GUESSED; i++) { // a hash for nobody takes its time
            accounts.add(new ConsoleAccount(name(i), "Ben Roth", ConsoleRole.VIEWER, HASH, totp));
        }
        restart();
    }

    private void restart() {
        var accounts = new AccountFile(directory.resolve("accounts.json"));
        var clock = new SteadyClock(this::wall, () -> gone.toNanos());
        signIn = new SignIn(accounts, clock.expected(), clock.machine());
    }

    private static String name(int number) {
        return "guessed-" + number % GUESSED;
    }

    private Instant wall() {
        return START.plus(gone).plus(set);
    }

    private SignIn.Result tries(String password, String code, String address) throws Exception {
        return signIn.attempt("ada", password.toCharArray(), code, address);
    }

    /** Nobody knows yet whether the clock is right now or was before. */
    @ParameterizedTest
    @ValueSource(strings = {"PT5M", "P365D", "PT-5M"})
    void aCodeByTheClockAsItIsNowOpensOnce(String jump) throws Exception {
        set = Duration.parse(jump);
        gone = Duration.ofSeconds(30);
        String code = totp.code(wall());

        assertThat(tries(PASSWORD, totp.code(wall().plusSeconds(120)), "192.0.2.1"))
                .isInstanceOf(SignIn.Result.Wrong.class);
        assertThat(tries(PASSWORD, code, "192.0.2.1")).isInstanceOf(SignIn.Result.In.class);
        assertThat(tries(PASSWORD, code, "192.0.2.1")).isInstanceOf(SignIn.Result.Wrong.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT5M", "P365D", "PT-5M"})
    void aCodeByTheClockAsItWasOpensOnce(String jump) throws Exception {
        set = Duration.parse(jump);
        gone = Duration.ofSeconds(30);
        String code = totp.code(START.plus(gone));

        assertThat(tries(PASSWORD, code, "192.0.2.1")).isInstanceOf(SignIn.Result.In.class);
        assertThat(tries(PASSWORD, code, "192.0.2.1")).isInstanceOf(SignIn.Result.Wrong.class);
    }

    /** And at each node that has the accounts on the same disk. */
    @Test
    void aCodeThatWasUsedOpensNothingBehindARestart() throws Exception {
        String code = totp.code(wall());
        assertThat(tries(PASSWORD, code, "192.0.2.1")).isInstanceOf(SignIn.Result.In.class);

        restart();

        assertThat(tries(PASSWORD, code, "192.0.2.1")).isInstanceOf(SignIn.Result.Wrong.class);
        gone = Duration.ofSeconds(30);
        assertThat(tries(PASSWORD, totp.code(wall()), "192.0.2.1"))
                .isInstanceOf(SignIn.Result.In.class);
    }

    /** Else they would wait until the time is there that it had. */
    @Test
    void aCodeByAClockThatWasAheadShutsNobodyOutOnceItIsSetRight() throws Exception {
        set = Duration.ofDays(365);
        restart();
        assertThat(tries(PASSWORD, totp.code(wall()), "192.0.2.1"))
                .isInstanceOf(SignIn.Result.In.class);
        set = Duration.ZERO;
        restart();

        assertThat(tries(PASSWORD, totp.code(wall()), "192.0.2.1"))
                .isInstanceOf(SignIn.Result.In.class);
    }

    @Test
    void whereUsedCodesCannotBeKeptEachStillOpensOnce() throws Exception {
        Files.writeString(directory.resolve("accounts.json.codes"), "no file of ours");
        String code = totp.code(wall());

        assertThat(tries(PASSWORD, code, "192.0.2.1")).isInstanceOf(SignIn.Result.In.class);
        assertThat(tries(PASSWORD, code, "192.0.2.1")).isInstanceOf(SignIn.Result.Wrong.class);
    }

    @Test
    void aStrangerAtOneAddressLocksNobodyOut() throws Exception {
        for (int second = 0; second < 3600; second += 2) {
            gone = Duration.ofSeconds(second);
            var _ = tries("wrong, and long", "000000", "198.51.100.1");
            if (second % 30 == 0) {
                assertThat(tries(PASSWORD, totp.code(wall()), "192.0.2.1"))
                        .as("behind %d s", second)
                        .isInstanceOf(SignIn.Result.In.class);
            }
        }
    }

    /** Nor one who has the password, and still no code. */
    @Test
    void whoHasThePasswordLocksNobodyOutFromOneAddress() throws Exception {
        for (int second = 0; second < 3600; second += 2) {
            gone = Duration.ofSeconds(second);
            var _ = tries(PASSWORD, "no code", "198.51.100.1");
        }
        assertThat(tries(PASSWORD, totp.code(wall()), "192.0.2.1"))
                .isInstanceOf(SignIn.Result.In.class);
    }

    @Test
    void oneAddressHasFiveTriesOfAnAccountAndThenOneEachHalfMinute() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(tries("wrong, and long", "000000", "198.51.100.1"))
                    .isInstanceOf(SignIn.Result.Wrong.class);
        }
        assertThat(tries(PASSWORD, totp.code(wall()), "198.51.100.1"))
                .isInstanceOf(SignIn.Result.TooOften.class);
        gone = Duration.ofSeconds(30);
        assertThat(tries(PASSWORD, totp.code(wall()), "198.51.100.1"))
                .isInstanceOf(SignIn.Result.In.class);
    }

    /** And what they get does not tell that the password is right. */
    @Test
    void codesAreTriedNoMoreOftenByWhoeverHasThePasswordAndManyAddresses() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(tries(PASSWORD, "no code", "198.51.100." + i))
                    .isInstanceOf(SignIn.Result.Wrong.class);
        }
        assertThat(tries(PASSWORD, totp.code(wall()), "192.0.2.1"))
                .isInstanceOf(SignIn.Result.Wrong.class);
        assertThat(tries("wrong, and long", "no code", "192.0.2.1"))
                .isInstanceOf(SignIn.Result.Wrong.class);
        gone = Duration.ofSeconds(10);
        assertThat(tries(PASSWORD, totp.code(wall()), "192.0.2.1"))
                .isInstanceOf(SignIn.Result.In.class);
    }

    @Test
    void manyAddressesTogetherHaveSixtyTriesOfAnAccountAndThenOneEachSecond() throws Exception {
        for (int i = 0; i < 79; i++) { // in 19 of whose seconds there is one more each
            gone = Duration.ofMillis(250L * i);
            assertThat(tries("wrong, and long", "000000", "198.51.100." + i))
                    .isInstanceOf(SignIn.Result.Wrong.class);
        }
        assertThat(tries("wrong, and long", "000000", "203.0.113.1"))
                .isInstanceOf(SignIn.Result.TooOften.class);
        gone = gone.plusSeconds(1);
        assertThat(tries("wrong, and long", "000000", "203.0.113.1"))
                .isInstanceOf(SignIn.Result.Wrong.class);
    }

    /** Each of them costs a hash, which is time of a core that callers wait for. */
    @Test
    void whoTriesManyNamesFromManyAddressesTakesNoMoreThanAFewHashesASecond() throws Exception {
        int hashed = 0;
        for (int i = 0; i < 600; i++) { // 40 a second from 60 addresses
            gone = Duration.ofMillis(25L * i);
            if (!(stranger(i) instanceof SignIn.Result.Busy)) {
                hashed++;
            }
        }
        assertThat(hashed).isBetween(40, 40 + 5 * 15);
        assertThat(signIn.turnedAway()).isEqualTo(600 - hashed);
    }

    private SignIn.Result stranger(int number) throws Exception {
        return signIn.attempt(
                name(number),
                "wrong, and long".toCharArray(),
                "000000",
                "198.51.100." + number % ADDRESSES);
    }

    @Test
    void whoHasSignedInLatelyComesInBesideAnyNumberOfStrangers() throws Exception {
        assertThat(tries(PASSWORD, totp.code(wall()), "192.0.2.1"))
                .isInstanceOf(SignIn.Result.In.class);
        gone = Duration.ofSeconds(60);
        for (int i = 0; i < 300; i++) {
            var _ = stranger(i);
        }
        assertThat(stranger(0)).isInstanceOf(SignIn.Result.Busy.class);
        assertThat(tries(PASSWORD, totp.code(wall()), "192.0.2.1"))
                .isInstanceOf(SignIn.Result.In.class);
    }

    /** They may have come by a passkey. */
    @Test
    void whoIsInIsAskedAgainBesideAnyNumberOfStrangers() throws Exception {
        for (int i = 0; i < 300; i++) {
            var _ = stranger(i);
        }
        assertThat(
                        signIn.again(
                                new ConsoleAccount("ada", "Ada Meier", ConsoleRole.DPO, HASH, totp),
                                PASSWORD.toCharArray(),
                                totp.code(wall()),
                                "192.0.2.1"))
                .isInstanceOf(SignIn.Result.In.class);
    }

    /** Else whoever floods the page has those wait for longer who come again. */
    @Test
    void whatWasNotLookedAtIsNoTryOfTheAccount() throws Exception {
        for (int i = 0; i < 300; i++) {
            var _ = stranger(i);
        }
        for (int i = 0; i < 29; i++) {
            assertThat(tries(PASSWORD, "000000", "203.0.113.1"))
                    .isInstanceOf(SignIn.Result.Busy.class);
        }
        gone = Duration.ofSeconds(10);
        assertThat(tries(PASSWORD, totp.code(wall()), "203.0.113.1"))
                .isInstanceOf(SignIn.Result.In.class);
    }

    /** One line a minute, in which nobody is named. */
    @Test
    void theLogTellsThatSignInsAreTurnedAwayOnceAMinute() throws Exception {
        var log = new ListAppender<ILoggingEvent>();
        log.start();
        var ours = (Logger) LoggerFactory.getLogger(TurnedAway.class);
        ours.addAppender(log);
        for (int i = 0; i < 300; i++) {
            var _ = stranger(i);
        }
        ours.detachAppender(log);
        assertThat(log.list)
                .singleElement()
                .satisfies(line ->
                        assertThat(line.getFormattedMessage()).doesNotContain("198.51", "guessed"));
    }
}
