package org.consentgateway.console.passkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.consentgateway.console.account.AccountFile;
import org.consentgateway.console.account.ConsoleAccount;
import org.consentgateway.console.account.ConsoleRole;
import org.consentgateway.console.account.PasswordHash;
import org.consentgateway.console.account.SignInsUnderWay;
import org.consentgateway.console.account.TotpSecret;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whose key opens which account, and that nothing else does. */
class PasskeysTest {
    private static final String SOURCE = "192.0.2.1";
    private static final Instant NOW = Instant.parse("2026-11-28T09:00:00Z");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final PasswordHash HASH =
            PasswordHash.of("four words of mine".toCharArray(), RANDOM);

    @TempDir private Path directory;
    private final AtomicReference<Instant> time = new AtomicReference<>(NOW);
    private AccountFile accounts;
    private ConsoleAccount anna;
    private Passkeys passkeys;
    private SoftDevice device;

    @BeforeEach
    void start() throws Exception {
        accounts = new AccountFile(directory.resolve("accounts.json"));
        anna = account("anna");
        passkeys =
                new Passkeys(
                        new PasskeyFile(directory.resolve("passkeys.json")),
                        accounts,
                        URI.create("https://consent.example"),
                        time::get);
        device = new SoftDevice();
    }

    private ConsoleAccount account(String name) throws Exception {
        var account =
                new ConsoleAccount(
                        name, "Anna Weber", ConsoleRole.DPO, HASH, TotpSecret.mint(RANDOM));
        accounts.add(account);
        return account;
    }

    private void made(SoftDevice by, String name) throws Exception {
        passkeys.made(anna, "one", name, by.made(passkeys.make(anna, "one")), () -> {});
    }

    private ConsoleAccount signed(SoftDevice by) throws Exception {
        return passkeys.signed("one", by.signed(passkeys.ask("one", SOURCE)));
    }

    @Test
    void aKeyIsMadeAndOpensItsAccountAgainAndAgain() throws Exception {
        JsonNode options = passkeys.make(anna, "one");
        assertThat(options.at("/rp/id").asText()).isEqualTo("consent.example");
        assertThat(options.at("/authenticatorSelection/userVerification").asText())
                .isEqualTo("required");
        assertThat(options.at("/authenticatorSelection/residentKey").asText())
                .isEqualTo("required");
        passkeys.made(anna, "one", "Telephone", device.made(options), () -> {});

        assertThat(signed(device)).isEqualTo(anna);
        device.count = 7;
        time.set(NOW.plusSeconds(9));
        assertThat(signed(device)).isEqualTo(anna);
        assertThat(passkeys.of(anna))
                .singleElement()
                .satisfies(key -> {
                    assertThat(key.name()).isEqualTo("Telephone");
                    assertThat(key.state().count()).isEqualTo(7);
                    assertThat(key.used()).isEqualTo(NOW.plusSeconds(9));
                });
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(directory.resolve("passkeys.json"))))
                .isEqualTo("rw-------");
    }

    private static Arguments spoiled(String what, String why, Consumer<SoftDevice> change) {
        return Arguments.of(what, why, change);
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                spoiled("another page", "BadOrigin", it -> it.origin = "https://evil.example"),
                spoiled("another port", "BadOrigin", it -> it.origin = "https://consent.example:1"),
                spoiled("clear text", "BadOrigin", it -> it.origin = "http://consent.example"),
                spoiled("another site", "BadRpId", it -> it.site = "evil.example"),
                spoiled("nobody made sure of", "UserNotVerified", it -> it.verified = false),
                spoiled("nobody there", "UserNotPresent", it -> it.present = false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void whatADeviceHasSignedForAnotherOrForNobodyOpensNothing(
            String what, String why, Consumer<SoftDevice> change) throws Exception {
        made(device, "Telephone");
        change.accept(device);

        assertThatThrownBy(() -> signed(device))
                .as(what)
                .isInstanceOf(PasskeyRefused.class)
                .hasMessageContaining(why);
        var other = new SoftDevice();
        change.accept(other);
        assertThatThrownBy(() -> made(other, "Other"))
                .as(what)
                .isInstanceOf(PasskeyRefused.class)
                .hasMessageContaining(why);
    }

    @Test
    void aChallengeIsOfOneBrowserAndOneTimeAndFiveMinutes() throws Exception {
        made(device, "Telephone");
        JsonNode options = passkeys.ask("one", SOURCE);
        String response = device.signed(options);

        assertThatThrownBy(() -> passkeys.signed("another", response))
                .hasMessageContaining("challenge");
        assertThat(passkeys.signed("one", response)).isEqualTo(anna);
        assertThatThrownBy(() -> passkeys.signed("one", response))
                .hasMessageContaining("challenge is used");
        passkeys.ask("one", SOURCE);
        assertThatThrownBy(() -> passkeys.signed("one", response))
                .hasMessageContaining("BadChallenge");
        String late = device.signed(passkeys.ask("one", SOURCE));
        time.set(NOW.plus(PasskeyChallenges.LONGEST));
        assertThatThrownBy(() -> passkeys.signed("one", late)).hasMessageContaining("too old");
        // What was given for making a key signs nobody in.
        String made = device.signed(passkeys.make(anna, "two"));
        assertThatThrownBy(() -> passkeys.signed("two", made)).hasMessageContaining("challenge");
    }

    @Test
    void strangersAtAFewAddressesLeaveTheChallengesOfOthers() throws Exception {
        made(device, "Telephone");
        String response = device.signed(passkeys.ask("one", SOURCE));
        for (int i = 0; i < 2 * SignInsUnderWay.MOST; i++) {
            var _ = passkeys.ask("stranger-" + i, "198.51.100." + i % 20);
        }

        assertThat(passkeys.signed("one", response)).isEqualTo(anna);
    }

    @Test
    void aCountThatDoesNotGoOnTellsOfACopy() throws Exception {
        made(device, "Telephone");
        device.count = 5;
        signed(device);

        assertThatThrownBy(() -> signed(device)).hasMessageContaining("MaliciousCounterValue");
        device.count = 4;
        assertThatThrownBy(() -> signed(device)).hasMessageContaining("MaliciousCounterValue");
        device.count = 6;
        assertThat(signed(device)).isEqualTo(anna);
    }

    @Test
    void anothersHandleAnothersSignatureAndAnUnknownKeyOpenNothing() throws Exception {
        made(device, "Telephone");
        ConsoleAccount ben = account("ben");

        device.shownHandle = Passkey.handle(ben);
        assertThatThrownBy(() -> signed(device)).hasMessageContaining("of another account");
        device.shownHandle = "";
        var other = new SoftDevice();
        assertThatThrownBy(() -> signed(other)).hasMessageContaining("unknown");
        assertThatThrownBy(() ->
                        passkeys.signed("one", device.signedBy(other, passkeys.ask("one", SOURCE))))
                .hasMessageContaining("BadSignature");
        for (String each : List.of("", "{}", "no json", "[]", "{\"id\":\"x\"}")) {
            passkeys.ask("one", SOURCE);
            assertThatThrownBy(() -> passkeys.signed("one", each))
                    .as(each)
                    .isInstanceOf(PasskeyRefused.class);
            passkeys.make(anna, "one");
            assertThatThrownBy(() -> passkeys.made(anna, "one", "x", each, () -> {}))
                    .as(each)
                    .isInstanceOf(PasskeyRefused.class);
        }
    }

    @Test
    void aKeyThatIsRemovedOpensNothingAndNobodyRemovesAnothers() throws Exception {
        made(device, "Telephone");
        var second = new SoftDevice();
        made(second, "Key ring");
        ConsoleAccount ben = account("ben");

        assertThat(passkeys.remove(ben, device.id())).isFalse();
        assertThat(passkeys.remove(anna, device.id())).isTrue();
        assertThatThrownBy(() -> signed(device)).hasMessageContaining("unknown");
        assertThat(signed(second)).isEqualTo(anna);
        assertThat(passkeys.of(anna)).extracting(Passkey::name).containsExactly("Key ring");
    }

    /** Who comes after somebody of the same name is somebody else. */
    @Test
    void keysOfAnAccountThatIsGoneOpenNoLaterOneOfItsName() throws Exception {
        made(device, "Telephone");
        accounts.remove("anna");
        assertThatThrownBy(() -> signed(device)).hasMessageContaining("unknown");
        ConsoleAccount later = account("anna");

        assertThatThrownBy(() -> signed(device)).hasMessageContaining("unknown");
        assertThat(passkeys.of(later)).isEmpty();
    }

    @Test
    void aKeyIsMadeOnceAndNoMoreThanTwentyOfAnAccount() throws Exception {
        made(device, "Telephone");
        assertThatThrownBy(() -> made(device, "Again")).hasMessageContaining("known");
        for (int i = 1; i < PasskeyFile.MOST; i++) {
            made(new SoftDevice(), "Number " + i);
        }
        assertThatThrownBy(() -> made(new SoftDevice(), "One more"))
                .hasMessageContaining("too many");
        for (String name : List.of("", "x".repeat(41), "a\nb")) {
            assertThatThrownBy(() -> made(new SoftDevice(), name)).hasMessageContaining("no name");
        }
    }

    private Passkey key(String id) {
        return new Passkey(
                id,
                "anna-" + id.charAt(0),
                "handle-" + id.charAt(0),
                "Telephone",
                "key",
                new Passkey.State(0, false, false),
                NOW,
                Instant.EPOCH);
    }

    /** Two nodes with a common disk. */
    @Test
    void nobodyLosesAKeyToAnotherWriter() throws Exception {
        Path file = directory.resolve("common.json");
        try (ExecutorService nodes = Executors.newFixedThreadPool(2)) {
            List<Future<Boolean>> all = new ArrayList<>();
            for (String node : List.of("a", "b")) {
                var own = new PasskeyFile(file);
                all.add(
                        nodes.submit(() -> {
                            for (int i = 0; i < 20; i++) {
                                assertThat(own.add(key(node + i))).isTrue();
                            }
                            return true;
                        }));
            }
            for (Future<Boolean> each : all) {
                assertThat(each.get()).isTrue();
            }
        }
        for (int i = 0; i < 20; i++) {
            assertThat(new PasskeyFile(file).withId("a" + i)).isPresent();
            assertThat(new PasskeyFile(file).withId("b" + i)).isPresent();
        }
    }

    /** What opens an account stands in the log, or is not there. */
    @Test
    void aKeyThatCannotBeRecordedOpensNothing() throws Exception {
        String response = device.made(passkeys.make(anna, "one"));

        assertThatThrownBy(() ->
                        passkeys.made(
                                anna,
                                "one",
                                "Telephone",
                                response,
                                () -> {
                                    assertThat(directory.resolve("passkeys.json")).doesNotExist();
                                    throw new LedgerUnavailable(
                                            LedgerUnavailable.Reason.STORE_DOWN, "away");
                                }))
                .isInstanceOf(LedgerUnavailable.class);

        assertThat(passkeys.of(anna)).isEmpty();
        assertThatThrownBy(() -> signed(device)).hasMessageContaining("unknown");
        made(device, "Telephone");
        assertThat(signed(device)).isEqualTo(anna);
    }

    @Test
    void browsersKnowNamesNotAddresses() {
        for (String each : List.of("https://consent.example", "http://localhost:8083")) {
            assertThat(Passkeys.arePossible(URI.create(each))).as(each).isTrue();
        }
        for (String each : List.of("http://127.0.0.1:8083", "http://[::1]:8083")) {
            assertThat(Passkeys.arePossible(URI.create(each))).as(each).isFalse();
        }
    }
}
