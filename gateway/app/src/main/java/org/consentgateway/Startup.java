package org.consentgateway;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.consentgateway.consent.journal.TimeOrderedIds;
import org.consentgateway.reporting.SteadyClock;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.PartSettings;
import org.consentgateway.settings.reload.ShownSettings;

/** Immutable. What every part of a gateway is made from. */
record Startup(
        GatewayConfig config,
        PartSettings settings,
        SteadyClock clock,
        LongSupplier nanos,
        Supplier<UUID> ids,
        ShownSettings shown) {
    /**
     * @param machine its clock, which somebody may set
     * @param shown what is in force, for people
     */
    static Startup of(
            GatewayConfig config, InstantSource machine, LongSupplier nanos, ShownSettings shown) {
        var clock = new SteadyClock(machine, nanos);
        return new Startup(
                config,
                new PartSettings(config),
                clock,
                nanos,
                new TimeOrderedIds(clock.expected(), new SecureRandom()),
                shown);
    }

    /** For what is written, destroyed or due: a clock that was set ahead counts after an hour. */
    InstantSource expected() {
        return clock.expected();
    }
}
