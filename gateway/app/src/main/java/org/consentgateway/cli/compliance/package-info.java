/** Documents for counsel and the data protection officer, on the command line. */
@NullMarked
package org.consentgateway.cli.compliance;

import org.jspecify.annotations.NullMarked;
