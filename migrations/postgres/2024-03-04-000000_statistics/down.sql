DROP INDEX case_clocks_resolve;
DROP TABLE reported_figures;
DROP FUNCTION reported_figures_stay();
