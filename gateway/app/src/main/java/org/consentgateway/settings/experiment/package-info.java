/** Experiments with wordings, as the configuration has them. */
@NullMarked
package org.consentgateway.settings.experiment;

import org.jspecify.annotations.NullMarked;
