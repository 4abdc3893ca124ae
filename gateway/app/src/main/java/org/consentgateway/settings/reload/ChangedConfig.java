package org.consentgateway.settings.reload;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.consentgateway.config.Setting;
import org.consentgateway.settings.GatewayConfig;

/**
 * Immutable. What another reading of the file changes in a gateway that runs: what counts for calls
 * to come, and what only counts after a restart, since ports, the store, its keys and threads
 * belong to the process. A key that nobody has thought of needs a restart.
 *
 * @param inForce the new values of what counts at once, beside the old ones of all else
 * @param changed what counts at once, a line each, without secrets
 * @param atRestart what does not, in the same way, with the old and the new value
 */
public record ChangedConfig(GatewayConfig inForce, List<String> changed, List<String> atRestart) {
    /** Keys, or sections with all their keys, that count for calls to come. */
    static final List<String> AT_ONCE =
            List.of(
                    "sip.keep-alive",
                    "sip.emergency-numbers",
                    "sip.tls.certificate",
                    "sip.tls.key",
                    "sip.tls.roots",
                    "sip.tls.revocation",
                    "sip.tls.system-roots",
                    "limits",
                    "log.level",
                    "prompts",
                    "notices",
                    "trunks",
                    "assistants",
                    "humans",
                    "levels",
                    "lines",
                    "experiments",
                    "drain");

    public ChangedConfig {
        changed = List.copyOf(changed);
        atRestart = List.copyOf(atRestart);
    }

    /**
     * @param running what is in force now
     * @param next what the file says
     */
    public static ChangedConfig of(GatewayConfig running, GatewayConfig next) {
        var comparing = new Comparing();
        var inForce = (GatewayConfig) comparing.section("", running, next);
        return new ChangedConfig(inForce, comparing.changed, comparing.atRestart);
    }

    /**
     * Whether another value counts for calls to come.
     *
     * @param key such as {@code lines[0].numbers}
     */
    public static boolean countsAtOnce(String key) {
        return AT_ONCE.stream()
                .anyMatch(one ->
                        key.equals(one) || key.startsWith(one + ".") || key.startsWith(one + "["));
    }

    /** Confined to one comparison. */
    private static final class Comparing {
        private final List<String> changed = new ArrayList<>();
        private final List<String> atRestart = new ArrayList<>();

        Record section(String key, Record running, Record next) {
            RecordComponent[] components = running.getClass().getRecordComponents();
            Object[] values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                RecordComponent each = components[i];
                String inner = key.isEmpty() ? written(each) : key + "." + written(each);
                Object before = value(each, running);
                Object after = value(each, next);
                // What has no @Setting is a section of further keys.
                values[i] =
                        before instanceof Record section
                                        && after instanceof Record other
                                        && !each.isAnnotationPresent(Setting.class)
                                ? section(inner, section, other)
                                : single(inner, before, after);
            }
            return made(running.getClass(), components, values);
        }

        private Object single(String key, Object before, Object after) {
            boolean atOnce = countsAtOnce(key);
            if (!Objects.equals(before, after)) {
                (atOnce ? changed : atRestart).addAll(Difference.of(key, before, after));
            }
            return atOnce ? after : before;
        }
    }

    /** As the file spells it. */
    static String written(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    static Object value(RecordComponent component, Record of) {
        try {
            return component.getAccessor().invoke(of);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("records of settings are public", e);
        }
    }

    private static Record made(
            Class<? extends Record> type, RecordComponent[] components, Object[] values) {
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
        }
        try {
            Constructor<? extends Record> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("records of settings are public", e);
        }
    }
}
