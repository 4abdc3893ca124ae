package org.consentgateway.console;

import io.javalin.config.RoutesConfig;

/** Thread-safe. One thing that people come for, with the paths under which it is shown and done. */
@FunctionalInterface
public interface ConsolePages {
    void into(RoutesConfig routes, ConsoleGuard guard);
}
