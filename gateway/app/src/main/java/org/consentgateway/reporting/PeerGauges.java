package org.consentgateway.reporting;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.consentgateway.metrics.Gauges;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.TrunkConfig;
import org.consentgateway.sip.registration.TargetState;
import org.consentgateway.sip.registration.Watched;
import org.consentgateway.target.TargetHealth;

/**
 * Thread-safe. Whether those outside are there, a gauge each: for those of the configuration in
 * force, so that nobody is alarmed about one that was taken away.
 */
public final class PeerGauges {
    private static final String REGISTRATION = "registration";

    private final Gauges gauges;
    private final TargetHealth health;
    private final ToDoubleFunction<String> registered;

    /** Guarded by this. What takes each away again. */
    private final Map<Shown, Runnable> shown = new HashMap<>();

    private record Shown(String kind, String name) {}

    /**
     * @param registered whether a trunk's registration stands: 1 or 0; NaN where another node keeps
     *     it
     */
    public PeerGauges(Gauges gauges, TargetHealth health, ToDoubleFunction<String> registered) {
        this.gauges = gauges;
        this.health = health;
        this.registered = registered;
    }

    /** Shows those that this configuration names, and nobody else. */
    public synchronized void show(GatewayConfig config) {
        Set<Shown> gone = new HashSet<>(shown.keySet());
        config.assistants().forEach(one -> target(gone, Watched.Kind.ASSISTANT, one.name()));
        config.humans().forEach(one -> target(gone, Watched.Kind.HUMAN, one.name()));
        for (TrunkConfig trunk : config.trunks()) {
            String name = trunk.name();
            keep(
                    gone,
                    new Shown(word(Watched.Kind.TRUNK), name),
                    () -> gauges.trunk(name, () -> up(health.of(Watched.Kind.TRUNK, name))));
            if (trunk.registration().domain().isPresent() && trunk.registration().register()) {
                keep(
                        gone,
                        new Shown(REGISTRATION, name),
                        () -> gauges.registered(name, () -> registered.applyAsDouble(name)));
            }
        }
        for (Shown each : gone) {
            Runnable away = shown.remove(each);
            if (away != null) {
                away.run();
            }
        }
    }

    private void target(Set<Shown> gone, Watched.Kind kind, String name) {
        keep(
                gone,
                new Shown(word(kind), name),
                () -> gauges.target(word(kind), name, () -> up(health.of(kind, name))));
    }

    private void keep(Set<Shown> gone, Shown which, Supplier<Runnable> show) {
        gone.remove(which);
        shown.computeIfAbsent(which, _ -> show.get());
    }

    private static String word(Watched.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** Nobody was asked: neither is known. */
    private static double up(TargetState.Health health) {
        return switch (health) {
            case UP -> 1;
            case DOWN -> 0;
            case UNKNOWN -> Double.NaN;
        };
    }
}
