package org.consentgateway;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.consentgateway.consent.journal.TimeOrderedIds;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.Settings;

/** Immutable. What every part of a gateway is made from. */
record Startup(
        GatewayConfig config,
        Settings settings,
        InstantSource clock,
        LongSupplier nanos,
        Supplier<UUID> ids) {
    static Startup of(GatewayConfig config, InstantSource clock, LongSupplier nanos) {
        return new Startup(
                config,
                new Settings(config),
                clock,
                nanos,
                new TimeOrderedIds(clock, new SecureRandom()));
    }
}
