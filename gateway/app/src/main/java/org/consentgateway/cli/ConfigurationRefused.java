package org.consentgateway.cli;

import java.io.Serial;
import org.consentgateway.config.WrongConfiguration;

/** Immutable. Carries a {@link WrongConfiguration} out of a command, through suppliers too. */
public final class ConfigurationRefused extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    ConfigurationRefused(WrongConfiguration cause) {
        super(cause.getMessage(), cause);
    }
}
