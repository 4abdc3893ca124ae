package org.consentgateway.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.consentgateway.config.WrongConfiguration;
import org.consentgateway.language.LanguageFiles;
import org.consentgateway.settings.GatewayConfig;

/**
 * Immutable. The file of a gateway that serves it.
 *
 * @param home what relative paths in it begin at
 */
public record ConfigurationFile(Path path, Path home) implements Serving.Source {
    @Override
    public GatewayConfig read(UnaryOperator<GatewayConfig> mixed) throws WrongConfiguration {
        GatewayConfig config = GatewayConfig.loadAgain(path, home, mixed);
        LanguageFiles.read(config.languages().directory());
        return config;
    }

    @Override
    public Optional<Path> file() {
        return Optional.of(path);
    }
}
