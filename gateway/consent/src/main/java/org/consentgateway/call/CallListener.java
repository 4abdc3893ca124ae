package org.consentgateway.call;

import java.util.List;
import java.util.function.BiConsumer;

/**
 * Thread-safe. One who watches all calls, such as the meters or the log. Told on call threads and
 * on media event loops: counts or hands on, and returns at once.
 */
@FunctionalInterface
public interface CallListener {
    void told(CallEvent event);

    /**
     * Tells each of them in turn. One that throws harms neither the call nor those after it.
     *
     * @param failed takes who threw, and what
     */
    static CallListener all(
            List<CallListener> listeners, BiConsumer<CallListener, RuntimeException> failed) {
        List<CallListener> each = List.copyOf(listeners);
        return event -> {
            for (CallListener listener : each) {
                try {
                    listener.told(event);
                } catch (RuntimeException mistake) {
                    failed.accept(listener, mistake);
                }
            }
        };
    }
}
