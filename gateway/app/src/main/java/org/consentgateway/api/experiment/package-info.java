/** Over HTTP: how experiments with wordings stand. */
@NullMarked
package org.consentgateway.api.experiment;

import org.jspecify.annotations.NullMarked;
