/** Which caller hears which wording. */
@NullMarked
package org.consentgateway.experiment.assignment;

import org.jspecify.annotations.NullMarked;
