import click


@click.command()
def command() -> None:
    """模拟一个轮次。"""
