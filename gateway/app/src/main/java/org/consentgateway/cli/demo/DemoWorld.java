package org.consentgateway.cli.demo;

import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.settings.GatewayConfig;

/** Immutable. What a demo caller on the gateway's own machine may look at to tell what it hears. */
public final class DemoWorld {
    private final Supplier<GatewayConfig> config;
    private final Supplier<LedgerSettings> ledger;
    private final Supplier<DemoPrompts> prompts;

    public DemoWorld(
            Supplier<GatewayConfig> config,
            Supplier<LedgerSettings> ledger,
            Supplier<DemoPrompts> prompts) {
        this.config = config;
        this.ledger = ledger;
        this.prompts = prompts;
    }

    GatewayConfig config() {
        return config.get();
    }

    LedgerSettings ledger() {
        return ledger.get();
    }

    Path data() {
        return config().store().keys().toAbsolutePath().resolveSibling("");
    }

    int random() {
        return ThreadLocalRandom.current().nextInt(1_000_000, 9_000_000);
    }

    DemoPrompts prompts() {
        return prompts.get();
    }
}
