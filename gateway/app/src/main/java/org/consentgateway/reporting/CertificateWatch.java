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
import java.util.stream.Stream;
import org.consentgateway.metrics.Gauges;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.certificate.CertificateEnd;
import org.consentgateway.settings.certificate.CertificateEnds;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. Tells in the log and by a gauge for each setting until when certificates hold: those
 * that were read at the start or the last reload, since those are in use; of files that are read at
 * the start alone, those of the start.
 */
public final class CertificateWatch {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);

    private final Gauges gauges;
    private final InstantSource clock;

    /** Guarded by this. */
    private List<CertificateEnd> inUse = List.of();

    /** Guarded by this. */
    private boolean started;

    /** Guarded by this. By setting, what takes its gauge away again. */
    private final Map<String, Runnable> shown = new HashMap<>();

    public CertificateWatch(Gauges gauges, InstantSource clock) {
        this.gauges = gauges;
        this.clock = clock;
    }

    /** At the start, and when the configuration was read again. */
    public synchronized void use(GatewayConfig config) {
        List<CertificateEnd> now = CertificateEnds.of(config);
        inUse = started ? keptOrNew(inUse, now) : now;
        started = true;
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

    private static List<CertificateEnd> keptOrNew(
            List<CertificateEnd> before, List<CertificateEnd> now) {
        return Stream.concat(
                        now.stream().filter(one -> !one.isReadAtStart()),
                        before.stream().filter(CertificateEnd::isReadAtStart))
                .toList();
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
