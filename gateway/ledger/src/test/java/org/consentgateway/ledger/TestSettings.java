package org.consentgateway.ledger;

import java.nio.file.Path;
import java.time.Duration;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerSettings.Checkpoints;
import org.consentgateway.ledger.store.LedgerSettings.Limits;
import org.consentgateway.ledger.tree.TrustPolicy;

/** Settings of a ledger in one directory, and what tests vary of them. */
final class TestSettings {
    private TestSettings() {}

    /** SQLite, with keys and exported checkpoints beside it. */
    static LedgerSettings inDirectory(Path data) {
        return new LedgerSettings(
                "jdbc:sqlite:" + data.resolve("ledger.db"),
                data.resolve("keys"),
                "node-1",
                "consent-gateway.local/log",
                new Checkpoints(
                        1000,
                        Duration.ofSeconds(60),
                        data.resolve("checkpoints"),
                        TrustPolicy.NONE),
                Limits.USUAL);
    }

    static LedgerSettings withCheckpoints(LedgerSettings of, int entries, Duration every) {
        Checkpoints there = of.checkpoints();
        return with(of, new Checkpoints(entries, every, there.exports(), there.policy()));
    }

    static LedgerSettings withWitnesses(LedgerSettings of, TrustPolicy policy) {
        Checkpoints there = of.checkpoints();
        return with(of, new Checkpoints(there.entries(), there.every(), there.exports(), policy));
    }

    static LedgerSettings withLimits(LedgerSettings of, Limits limits) {
        return new LedgerSettings(
                of.url(), of.keys(), of.node(), of.origin(), of.checkpoints(), limits);
    }

    static LedgerSettings withOrigin(LedgerSettings of, String origin) {
        return new LedgerSettings(
                of.url(), of.keys(), of.node(), origin, of.checkpoints(), of.limits());
    }

    private static LedgerSettings with(LedgerSettings of, Checkpoints checkpoints) {
        return new LedgerSettings(
                of.url(), of.keys(), of.node(), of.origin(), checkpoints, of.limits());
    }
}
