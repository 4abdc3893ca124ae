package org.consentgateway.ledger.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JwsKeysTest {
    private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
    private static final Duration LIFE = Duration.ofHours(4);

    @TempDir private Path folder;

    private JwsKeys open() throws Exception {
        return JwsKeys.open(folder, "gw1", JwsKey.Algorithm.EDDSA);
    }

    private static List<String> ids(List<JwsKey> keys) {
        return keys.stream().map(JwsKey::id).toList();
    }

    @Test
    void theFirstStartMakesAKeyThatOnlyWeMayRead() throws Exception {
        String first = open().current(NOW).id();

        assertThat(open().current(NOW).id()).isEqualTo(first);
        Path file = folder.resolve("token-gw1.keys");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aKeyFileThatIsOpenToOthersOrDamagedIsNotUsed() throws Exception {
        open();
        Path file = folder.resolve("token-gw1.keys");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(this::open).hasMessageContaining("open to others");

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(file, Files.readString(file).substring(0, 60));
        assertThatThrownBy(this::open).hasMessageContaining("damaged");
    }

    @Test
    void aNewKeyIsKnownADayBeforeItSignsAndTheOldOneUntilItsLastTokenIsOver() throws Exception {
        JwsKeys running = open();
        String old = running.current(NOW).id();
        String next = JwsKeys.rotate(folder, "gw1", JwsKey.Algorithm.ES256, NOW).id();
        Instant change = NOW.plus(JwsKeys.NOTICE);

        assertThat(running.current(NOW).id()).isEqualTo(old);
        assertThat(ids(running.published(NOW, LIFE))).containsExactly(old, next);
        assertThat(running.current(change.minusSeconds(1)).id()).isEqualTo(old);
        assertThat(running.current(change).id()).isEqualTo(next);
        assertThat(running.current(change).algorithm()).isEqualTo("ES256");
        assertThat(ids(running.published(change.plus(LIFE).minusSeconds(1), LIFE)))
                .containsExactly(old, next);
        assertThat(ids(running.published(change.plus(LIFE), LIFE))).containsExactly(next);
    }

    @ParameterizedTest
    @EnumSource
    void aKeyIsReadAsItWasWrittenAndTellsItsPublicHalfOnly(JwsKey.Algorithm algorithm) {
        JwsKey key = JwsKey.create(algorithm, NOW);
        JwsKey read = JwsKey.parse(key.text()).orElseThrow();

        assertThat(read.jwk()).isEqualTo(key.jwk()).doesNotContainKey("d");
        assertThat(read.id()).hasSize(43);
        assertThat(read.from()).isEqualTo(NOW);
        assertThat(key.sign(new byte[] {1})).hasSize(64);
        assertThat(JwsKey.parse(key.text().replaceFirst(" [A-Z0-9]+ ", " RS256 "))).isEmpty();
    }

    /** RFC 8037 appendix A.3 has the thumbprint of this key. */
    @Test
    void theThumbprintIsThatOfTheStandard() {
        String prefix = "302a300506032b6570032100";
        String x = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        String seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        var base64 = java.util.Base64.getEncoder();
        var hex = java.util.HexFormat.of();
        String text =
                "2026-11-27T10:00:00Z EDDSA "
                        + base64.encodeToString(
                                hex.parseHex("302e020100300506032b657004220420" + seed))
                        + " "
                        + base64.encodeToString(hex.parseHex(prefix + x));

        assertThat(JwsKey.parse(text).orElseThrow().id())
                .isEqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }
}
