"""A sales team at work in Tryton, through its own client (proteus)."""
from decimal import Decimal

from proteus import Model, Wizard, config


class SalesTeam:
    """Company, people, products and parties; then deals, by the names that the test gives them."""

    def __init__(self, database, config_file):
        self.config = config.set_trytond(database, config_file=str(config_file))
        self.deals = {}
        self.set_up()

    def set_up(self):
        Party, Currency, Company, Employee = (Model.get(name) for name in ("party.party", "currency.currency", "company.company", "company.employee"))
        euro = Currency(name="Euro", symbol="€", code="EUR", rounding=Decimal("0.01"), digits=2)
        euro.rates.new(rate=Decimal(1))
        euro.save()
        france = Model.get("country.country")(name="France", code="FR")
        france.save()
        self.company = Company(party=self.saved(Party(name="Atelier Vigie")), currency=euro)
        self.company.save()
        User = Model.get("res.user")
        user = User(self.config.user)
        user.companies.append(Company(self.company.id))
        user.company = Company(self.company.id)
        user.save()
        self.config._context = User.get_preferences(True, self.config.context)
        self.keep_accounts()
        self.people = {}
        for name in ("Ann", "Bob"):
            self.people[name] = self.saved(Employee(party=self.saved(Party(name=name)), company=self.company))
        self.parties = {}
        for name, city in (("Dupont", "Lyon"), ("Martin", "Lille"), ("Durand", "Nantes")):
            party = Party(name=name)
            address, = party.addresses
            address.city, address.country = city, france
            self.parties[name] = self.saved(party)
        self.products = {name: self.product(name, kind, price) for name, kind, price in (("Desk", "goods", "250"), ("Support", "service", "40"))}

    def keep_accounts(self):
        """What is sold wants an account of revenue: the small chart that Tryton brings."""
        templates, Account = Model.get("account.account.template"), Model.get("account.account")
        wizard = Wizard("account.create_chart")
        wizard.execute("account")
        wizard.form.account_template = next(one for one in templates.find([("parent", "=", None)]) if one.childs)
        wizard.form.company = self.company
        wizard.execute("create_account")

        def first(*which):
            return Account.find([*which, ("company", "=", self.company.id)], limit=1)[0]

        wizard.form.account_receivable = first(("type.receivable", "=", True), ("party_required", "=", True))
        wizard.form.account_payable = first(("type.payable", "=", True), ("party_required", "=", True))
        wizard.execute("create_properties")
        self.category = Model.get("product.category")(name="Sold", accounting=True)
        self.category.account_revenue = first(("type.revenue", "=", True))
        self.category.save()

    @staticmethod
    def saved(record):
        record.save()
        return record

    def product(self, name, kind, price):
        unit, = Model.get("product.uom").find([("name", "=", "Unit")])
        template = Model.get("product.template")(name=name, type=kind, default_uom=unit, list_price=Decimal(price), salable=True)
        template.code, template.account_category = name.upper(), self.category
        template.save()
        return template.products[0]

    def lead(self, name, party, owner, amount, desks):
        deal = Model.get("sale.opportunity")(description=name, party=self.parties[party], employee=self.people[owner], amount=Decimal(amount))
        deal.address = self.parties[party].addresses[0]
        line = deal.lines.new()
        line.product, line.quantity = self.products["Desk"], desks
        line.unit = self.products["Desk"].template.default_uom
        deal.save()
        self.deals[name] = deal

    def move(self, name, button):
        self.deals[name].click(button)

    def sell(self, name, price):
        """The sale that Tryton made of a converted deal is quoted and confirmed, by which the deal is won."""
        sale, = Model.get("sale.sale").find([("origin", "=", f"sale.opportunity,{self.deals[name].id}")])
        sale.invoice_method = sale.shipment_method = "manual"
        for line in sale.lines:
            line.unit_price = Decimal(price)
        sale.save()
        sale.click("quote")
        sale.click("confirm")
        self.deals[name].reload()

    def subscribe(self, party, started, price, quantity, rhythm=("monthly", 1)):
        rules = Model.get("sale.subscription.recurrence.rule.set")(name=f"{rhythm}")
        rule, = rules.rules
        rule.freq, rule.interval = rhythm
        rules.save()
        service = self.saved(Model.get("sale.subscription.service")(product=self.products["Support"], consumption_recurrence=rules))
        subscription = Model.get("sale.subscription")(party=self.parties[party], start_date=started, invoice_start_date=started, invoice_recurrence=rules)
        line = subscription.lines.new()
        line.service, line.quantity, line.unit_price = service, quantity, Decimal(price)
        subscription.save()
        subscription.click("quote")
        subscription.click("run")
