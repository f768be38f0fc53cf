DROP TABLE publicity_objections;
DROP TABLE publicities;
DROP TABLE rule_sets;
