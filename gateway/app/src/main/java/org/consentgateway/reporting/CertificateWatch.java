package org.consentgateway.reporting;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.consentgateway.metrics.Gauges;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.certificate.CertificateEnd;
import org.consentgateway.settings.certificate.CertificateEnds;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. Tells in the log and by a gauge for each setting until when certificates hold: those
 * that were read at the start or the last reload, since those are in use.
 */
public final class CertificateWatch {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);

    private final Gauges gauges;
    private final InstantSource clock;

    /** Guarded by this. */
    private List<CertificateEnd> inUse = List.of();

    /** Guarded by this. By setting, what takes its gauge away again. */
    private final Map<String, Runnable> shown = new HashMap<>();

    public CertificateWatch(Gauges gauges, InstantSource clock) {
        this.gauges = gauges;
        this.clock = clock;
    }

    /** At the start, and when the configuration was read again. */
    public synchronized void use(GatewayConfig config) {
        inUse = CertificateEnds.of(config);
        Set<String> gone = new HashSet<>(shown.keySet());
        for (CertificateEnd each : inUse) {
            String setting = each.setting();
            gone.remove(setting);
            shown.computeIfAbsent(
                    setting, _ -> gauges.certificate(setting, () -> secondsLeft(setting)));
        }
        for (String each : gone) {
            Runnable away = shown.remove(each);
            if (away != null) {
                away.run();
            }
        }
        look();
    }

    /** Logs those that end soon or have ended. */
    public synchronized void look() {
        Instant now = clock.instant();
        for (CertificateEnd each : inUse) {
            if (each.isWrong(now)) {
                LOG.error("{}", each.told(now));
            } else if (each.hasEnded(now) || each.endsSoon(now)) {
                LOG.warn("{}", each.told(now));
            }
        }
    }

    private synchronized double secondsLeft(String setting) {
        Instant now = clock.instant();
        return inUse.stream()
                .filter(one -> one.setting().equals(setting))
                .map(CertificateEnd::ends)
                .min(Comparator.naturalOrder())
                .map(ends -> Duration.between(now, ends).toMillis() / 1000.0)
                .orElse(Double.NaN);
    }
}
